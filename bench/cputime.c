// cputime PID: the CPU time that a process has taken, in milliseconds, to the microsecond, with that of threads that have ended. /proc/PID/stat has it in
// hundredths of a second, /proc/PID/task/*/schedstat only of the threads that live.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
    clockid_t clock;
    struct timespec used;

    if (argc != 2 || clock_getcpuclockid(atoi(argv[1]), &clock) != 0 || clock_gettime(clock, &used) != 0)
        return 1;
    printf("%.3f\n", used.tv_sec * 1e3 + used.tv_nsec / 1e6);
    return 0;
}
