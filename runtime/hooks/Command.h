#ifndef BPFCC_RUNTIME_HOOKS_COMMAND_H
#define BPFCC_RUNTIME_HOOKS_COMMAND_H

#include "runtime/helpers/Environment.h"
#include "runtime/hooks/EventSource.h"
#include "runtime/hooks/Probe.h"

#include <string>

namespace bpfcc {

/// The events are what a command does: run() starts it, follows its threads
/// and children, and returns when all have ended, or after SIGINT or SIGTERM,
/// when it lets go of them. Needs no rights but those to run the command.
/// Error: RunError if it cannot be started or this system does not let it be
/// traced.
class Command : public EventSource {
public:
  /// \p Probes: where program n runs. \p Words: the command and its arguments.
  Command(Environment &Env, std::vector<Probe> Probes,
          std::vector<std::string> Words)
      : Env(Env), Probes(std::move(Probes)), Words(std::move(Words)) {}
  llvm::Error run(Handler Handle) override;

  /// What the command ended with: its exit status, 128 and the number of the
  /// signal that ended it or, if it was let go, that bpfcc got.
  int status() const { return Status; }

private:
  Environment &Env;
  std::vector<Probe> Probes;
  std::vector<std::string> Words;
  int Status = 0;
};

} // namespace bpfcc

#endif
