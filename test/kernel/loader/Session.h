#ifndef BPFCC_TEST_KERNEL_LOADER_SESSION_H
#define BPFCC_TEST_KERNEL_LOADER_SESSION_H

#include "Annotations.h"

#include <bpf/libbpf.h>
#include <set>

union bpf_attr;

namespace bpfcc {

/// What the kernel made of one program.
struct ProgramResult {
  enum Verdict {
    Undecided,
    Ok,
    Rejected,   ///< by the kernel
    Unprepared, ///< libbpf did not come as far as asking the kernel
    Timeout,
  };
  std::string Name, Section;
  bpf_prog_type Type = BPF_PROG_TYPE_UNSPEC;
  Verdict Decision = Undecided;
  int Error = 0;      ///< errno
  unsigned Slots = 0; ///< of the program with its subprograms
  unsigned long Processed = 0, States = 0, PeakStates = 0;
  unsigned Jited = 0;      ///< bytes of machine code, with the subprograms
  std::string Stack = "0"; ///< bytes of each subprogram, `16+8`
  Annotations Said;
  bool SaidSo = true; ///< the log holds Said.Messages
  std::string Reason;
};

/// Loads the programs of one object, each on its own account.
class Session {
public:
  /// \p Limit is in seconds, for each program.
  Session(std::string File, unsigned Limit);
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  /// The results in the order of the object. If libbpf cannot read it, there is
  /// one without a name.
  std::vector<ProgramResult> run();

  /// \internal What libbpf's system call to load a program becomes: a
  /// descriptor, or -1 and errno. Nothing if it is not about our programs.
  long load(bpf_attr &Attributes, size_t Size, bool &Ours);
  /// \internal The session that is at work.
  static Session *current();
  void complain(const char *Text) { Complaints += Text; }

private:
  bpf_object *open();
  void prepare(bpf_object *O);
  bool blame(int Error);
  void decideRest(ProgramResult::Verdict V, int Error,
                  const std::string &Reason);
  long loadWithin(bpf_attr &Attributes, size_t Size);
  long loadWithLog(bpf_attr &Attributes, size_t Size, uint32_t Level);

  std::string File;
  unsigned Limit;
  int Stand; ///< a trivial program, shown to libbpf for each rejected one
  std::vector<ProgramResult> Results;
  std::vector<char> ShortLogs, Log;
  std::string Complaints; ///< of libbpf
  std::set<std::string> DeadMaps;
  bool WithStructOps = true;
};

} // namespace bpfcc

#endif
