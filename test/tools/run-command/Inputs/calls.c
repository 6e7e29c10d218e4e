#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void *two(void *unused) {
  syscall(SYS_gettid);
  syscall(SYS_gettid);
  return unused;
}

int main(int argc, char **argv) {
  open("/nonexistent", O_RDONLY);
  syscall(SYS_getpid);
  dup2(open(argv[argc - 1], O_CREAT | O_WRONLY, 0600), 9);
  if (!fork()) {
    for (int n = 0; n != 3; n++)
      syscall(SYS_gettid);
    write(9, "hallo", 5);
    _exit(0);
  }
  wait(0);
  pthread_t thread;
  pthread_create(&thread, 0, two, 0);
  pthread_join(thread, 0);
  return 7;
}
