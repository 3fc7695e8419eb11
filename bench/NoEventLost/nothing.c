// The smallest program: ends. Without a C library, so that running it costs little beside execve itself.
__attribute__((noreturn)) void _start(void) {
#if defined(__x86_64__)
    __asm__ volatile("xor %%edi, %%edi; mov $60, %%eax; syscall" ::: "memory");
#elif defined(__aarch64__)
    __asm__ volatile("mov x0, #0; mov x8, #93; svc #0" ::: "memory");
#endif
    for (;;) { }
}
