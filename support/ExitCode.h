#ifndef BPFCC_SUPPORT_EXITCODE_H
#define BPFCC_SUPPORT_EXITCODE_H

namespace bpfcc {

/// What the bpfcc process tells its caller.
enum ExitCode : int {
  ExitOk = 0,
  ExitUserError = 1,     ///< the input is wrong; a diagnostic says where
  ExitInternalError = 2, ///< a bug in bpfcc; a reproducer was written
  ExitUsage = 64,        ///< the command line itself is wrong
};

} // namespace bpfcc

#endif
