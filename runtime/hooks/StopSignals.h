#ifndef BPFCC_RUNTIME_HOOKS_STOPSIGNALS_H
#define BPFCC_RUNTIME_HOOKS_STOPSIGNALS_H

#include <csignal>

namespace bpfcc {

/// While it lives, SIGINT and SIGTERM do not end the process: they interrupt
/// the system calls of the thread that made this, again each second, until
/// received() was asked for. One at a time.
class StopSignals {
public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals &) = delete;
  StopSignals &operator=(const StopSignals &) = delete;

  /// The signal that came; 0 for none.
  int received() const;

private:
  struct sigaction Int, Term, Alarm;
};

} // namespace bpfcc

#endif
