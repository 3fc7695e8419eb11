// cost FILE PROGRAM [ARGUMENT...]: runs a program and writes to FILE what it took: CPU seconds in user space and in the kernel, to the microsecond, and peak
// memory in KiB, as the kernel counts them. time(1) cuts off at 10 ms; a shell's count has the shell's own fork in it.
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv)
{
    pid_t child;
    int status;
    struct rusage used;
    FILE *out;

    if (argc < 3 || posix_spawnp(&child, argv[2], NULL, NULL, argv + 2, environ) != 0 || wait4(child, &status, 0, &used) != child)
        return 125;
    if ((out = fopen(argv[1], "w")) == NULL)
        return 125;
    fprintf(out, "%ld.%06ld %ld.%06ld %ld\n", (long)used.ru_utime.tv_sec, (long)used.ru_utime.tv_usec, (long)used.ru_stime.tv_sec, (long)used.ru_stime.tv_usec, used.ru_maxrss);
    fclose(out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
