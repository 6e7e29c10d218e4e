#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

__attribute__((noinline)) long factorial(long n) {
  return n < 2 ? 1 : n * factorial(n - 1);
}

__attribute__((noinline)) long work(long n) {
  __asm__ volatile("" : "+r"(n));
  return 3 * n;
}

__attribute__((noinline)) void child(void) { puts("hello"); }

static void *thread(void *first) {
  long sum = 0;
  for (long n = 0; n != 500; n++)
    sum += work((long)first + n);
  return (void *)sum;
}

// Says that it has begun, calls for some seconds, says that it is done.
static int untilLater(const char *begun, const char *done) {
  time_t start = time(0);
  work(1);
  fclose(fopen(begun, "w"));
  while (time(0) < start + 4)
    work(1);
  return !fopen(done, "w");
}

int main(int argc, char **argv) {
  if (argc > 2)
    return untilLater(argv[1], argv[2]);
  factorial(10);
  pthread_t threads[4];
  for (long n = 0; n != 4; n++)
    pthread_create(&threads[n], 0, thread, (void *)(n * 10000));
  for (int n = 0; n != 4; n++)
    pthread_join(threads[n], 0);
  if (!fork()) {
    child();
    fflush(stdout);
    _exit(0);
  }
  wait(0);
  puts("hello");
  return 9;
}
