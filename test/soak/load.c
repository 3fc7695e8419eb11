// load NOTHING EXECS LOG: until SIGTERM, what a busy node does, each act with a number of its own: EXECS times a second it runs NOTHING with the argument
// e-N; a fifth as often it creates, opens and removes /srv/col/opened/o-N, and connects a datagram socket to 127.A.B.C, whose last three bytes are N.
// LOG gets a line for each that happened: its kind (e, o, c), N (c: six hexadecimal digits) and the milliseconds since boot. What was late is not caught up.
// load NOTHING EXECS LOG COUNT: COUNT programs as fast as they can be started, kind f, then the end.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t ended;

static void end(int signal) { (void)signal; ended = 1; }

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int run(const char *program, char kind, long number) {
    char argument[32];
    snprintf(argument, sizeof argument, "%c-%ld", kind, number);
    char *arguments[] = {(char *)program, argument, NULL}, *environment[] = {NULL};
    pid_t child = vfork();
    if (child == 0) {
        execve(program, arguments, environment);
        _exit(127);
    }
    if (child < 0) return 0;
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return 0;
    return status == 0;
}

static int touch(long number) {
    char path[64];
    snprintf(path, sizeof path, "/srv/col/opened/o-%ld", number);
    int file = open(path, O_CREAT | O_RDWR, 0600);
    if (file < 0) return 0;
    close(file);
    unlink(path);
    return 1;
}

static int reach(long number) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(0x7F000000 | number)};
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0) return 0;
    int done = connect(s, (struct sockaddr *)&address, sizeof address) == 0;
    close(s);
    return done;
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    FILE *log = fopen(argv[3], "a");
    if (log == NULL) return 1;
    signal(SIGTERM, end);
    long rate = atol(argv[2]), count = argc > 4 ? atol(argv[4]) : 0, number = 0;
    if (count > 0) {
        // Numbers go on where an earlier run ended.
        for (long first = now() / 1000000; number < count && !ended; number++)
            if (run(argv[1], 'f', first * 10000 + number)) fprintf(log, "f %ld %lld\n", first * 10000 + number, now() / 1000000);
        return 0;
    }
    long long due = now(), flushed = due;
    while (!ended) {
        number++;
        if (run(argv[1], 'e', number)) fprintf(log, "e %ld %lld\n", number, now() / 1000000);
        if (number % 5 == 0 && touch(number)) fprintf(log, "o %ld %lld\n", number, now() / 1000000);
        if (number % 5 == 2 && reach(number + 0x10000)) fprintf(log, "c %06lX %lld\n", number + 0x10000, now() / 1000000);
        if (now() - flushed > 1000000000LL) {
            fflush(log);
            flushed = now();
        }
        due += 1000000000LL / rate;
        if (due < now() - 1000000000LL) due = now();
        struct timespec wait = {0, 0};
        if (due > now()) {
            wait.tv_nsec = due - now();
            nanosleep(&wait, NULL);
        }
    }
    fclose(log);
    return 0;
}
