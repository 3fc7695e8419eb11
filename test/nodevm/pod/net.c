/* For scenarios, in a guest without python or curl; static, so that it runs on any node.
   net collect PORT FILE      what arrives on 127.0.0.1:PORT, from any number of connections, is appended to FILE: where Container Insights would listen
   net get PORT PATH          an HTTP request to 127.0.0.1:PORT; prints the answer, and ends with 0 when its status is 200
   net appended FILE SECONDS  prints what is appended to FILE in the next SECONDS; starts no process while it waits
   net refuse PORT            accepts connections and resets each at its first bytes
   net stall PORT             accepts connections and never reads */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char buffer[65536];

static void die(const char *what) { perror(what); exit(2); }

static int at(const char *port, int server) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) die("socket");
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (server) {
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) die("bind");
    if (listen(fd, 16) < 0) die("listen");
  } else if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) die("connect");
  return fd;
}

static void copy(int from, int to) {
  ssize_t n;
  while ((n = read(from, buffer, sizeof buffer)) > 0)
    if (write(to, buffer, n) != n) die("write");
}

static int get(const char *port, const char *path) {
  int fd = at(port, 0);
  char status[16] = "";
  ssize_t n = snprintf(buffer, sizeof buffer, "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n", path), total = 0;
  if (write(fd, buffer, n) != n) die("write");
  while (total < (ssize_t)sizeof buffer - 1 && (n = read(fd, buffer + total, sizeof buffer - 1 - total)) > 0) total += n;
  buffer[total] = 0;
  sscanf(buffer, "HTTP/%*s %3s", status);
  fputs(buffer, stdout);
  return strcmp(status, "200") == 0 ? 0 : 1;
}

static int appended(const char *file, const char *seconds) {
  struct stat before;
  int fd = open(file, O_RDONLY);
  sleep(1); /* the record of this program's own start may be on its way */
  if (fd < 0 || fstat(fd, &before) < 0) die(file);
  sleep(atoi(seconds));
  lseek(fd, before.st_size, SEEK_SET);
  copy(fd, 1);
  return 0;
}

/* Up to 16 connections at a time; what == 'c': collect into out, 'r': reset, 's': stall. */
static void serve(const char *port, char what, int out) {
  struct pollfd fds[17] = {{.fd = at(port, 1), .events = POLLIN}};
  int count = 1;
  for (;;) {
    if (poll(fds, count, -1) < 0) die("poll");
    for (int i = count - 1; i > 0; i--) {
      if (!fds[i].revents || what == 's') continue;
      ssize_t n = read(fds[i].fd, buffer, sizeof buffer);
      struct linger hard = {1, 0};
      if (n > 0 && what == 'c') { if (write(out, buffer, n) != n) die("write"); continue; }
      if (what == 'r') setsockopt(fds[i].fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
      close(fds[i].fd);
      fds[i] = fds[--count];
    }
    if (fds[0].revents && count < 17) {
      int fd = accept(fds[0].fd, 0, 0);
      if (fd >= 0) fds[count++] = (struct pollfd){.fd = fd, .events = what == 's' ? 0 : POLLIN};
    }
  }
}

int main(int argc, char **argv) {
  if (argc == 4 && !strcmp(argv[1], "get")) return get(argv[2], argv[3]);
  if (argc == 4 && !strcmp(argv[1], "appended")) return appended(argv[2], argv[3]);
  if (argc == 4 && !strcmp(argv[1], "collect")) {
    int out = open(argv[3], O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (out < 0) die(argv[3]);
    serve(argv[2], 'c', out);
  }
  if (argc == 3 && !strcmp(argv[1], "refuse")) serve(argv[2], 'r', -1);
  if (argc == 3 && !strcmp(argv[1], "stall")) serve(argv[2], 's', -1);
  fputs("usage: see net.c\n", stderr);
  return 2;
}
