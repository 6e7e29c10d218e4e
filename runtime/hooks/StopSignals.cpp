#include "runtime/hooks/StopSignals.h"

#include <pthread.h>
#include <unistd.h>

namespace bpfcc {

// A handler has nothing else to write to.
static volatile sig_atomic_t Received = 0;
static pthread_t Waiter;

/// The kernel chooses the thread that a signal interrupts, and it may come just
/// before the system call that it should interrupt: hence the alarm.
static void onSignal(int Signal) {
  if (Signal != SIGALRM)
    Received = Signal;
  alarm(1);
  if (!pthread_equal(pthread_self(), Waiter))
    pthread_kill(Waiter, Signal);
}

StopSignals::StopSignals() {
  Received = 0;
  Waiter = pthread_self();
  struct sigaction Action = {};
  Action.sa_handler = onSignal;
  sigaction(SIGINT, &Action, &Int);
  sigaction(SIGTERM, &Action, &Term);
  sigaction(SIGALRM, &Action, &Alarm);
}

StopSignals::~StopSignals() {
  alarm(0);
  sigaction(SIGALRM, &Alarm, nullptr);
  sigaction(SIGTERM, &Term, nullptr);
  sigaction(SIGINT, &Int, nullptr);
}

int StopSignals::received() const { return Received; }

} // namespace bpfcc
