// load PROGRAM RATE TAG: runs PROGRAM RATE times a second, each time with TAG and a number of its own as its argument, until SIGTERM.
// or until its parent is gone. Then prints how many and for how many seconds. Behind its time it runs without pause until it has caught up.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t ended;

static void end(int signal) { (void)signal; ended = 1; }

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    long long rate = atoll(argv[2]), count = 0, start = now();
    pid_t parent = getppid();
    signal(SIGTERM, end);
    while (!ended && getppid() == parent) {
        char argument[64];
        snprintf(argument, sizeof argument, "%s%lld", argv[3], count);
        char *arguments[] = {argv[1], argument, NULL}, *environment[] = {NULL};
        pid_t child = vfork();
        if (child == 0) {
            execve(argv[1], arguments, environment);
            _exit(127);
        }
        int status;
        while (waitpid(child, &status, 0) < 0)
            if (errno != EINTR) return 1;
        if (status != 0) {
            fprintf(stderr, "load: %s ended with status %d\n", argv[1], status);
            return 1;
        }
        long long next = start + ++count * 1000000000LL / rate;
        struct timespec at = {next / 1000000000LL, next % 1000000000LL};
        if (next > now()) clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
    }
    printf("%lld %.3f\n", count, (now() - start) / 1e9);
    return 0;
}
