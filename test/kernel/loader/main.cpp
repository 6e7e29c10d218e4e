// loader [--limit SECONDS] [--list FILE] [OBJECT...]
//
// Asks this kernel about each program of the objects (FILE has a path on each
// line) and prints a table with tabs. Runs as root, also in a virtual machine.

#include "Session.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace bpfcc;

static const char *verdictName(ProgramResult::Verdict V) {
  switch (V) {
  case ProgramResult::Ok:
    return "ok";
  case ProgramResult::Rejected:
    return "rejected";
  case ProgramResult::Unprepared:
    return "unprepared";
  case ProgramResult::Timeout:
    return "timeout";
  case ProgramResult::Undecided:
    break;
  }
  return "undecided";
}

static const char *expectationName(const Annotations &A) {
  switch (A.Expected) {
  case Annotations::Success:
    return "success";
  case Annotations::Failure:
    return "failure";
  case Annotations::None:
    break;
  }
  return "-";
}

static void print(const std::string &File, const ProgramResult &R) {
  const char *Type = libbpf_bpf_prog_type_str(R.Type);
  std::printf("%s\t%s\t%s\t%s\t%s\t%d\t%u\t%lu\t%lu\t%lu\t%u\t%s\t%s\t%s\t%s\n",
              File.c_str(), R.Name.c_str(), R.Section.c_str(),
              Type ? Type : "-", verdictName(R.Decision), R.Error, R.Slots,
              R.Processed, R.States, R.PeakStates, R.Jited, R.Stack.c_str(),
              expectationName(R.Said),
              R.Said.Messages.empty() ? "-" : (R.SaidSo ? "yes" : "no"),
              R.Reason.c_str());
}

/// In a process of its own: what libbpf does with a strange object must not end
/// the run.
static void examine(const std::string &File, unsigned Limit) {
  std::fflush(stdout);
  pid_t Child = fork();
  if (Child == 0) {
    for (const ProgramResult &R : Session(File, Limit).run())
      print(File, R);
    std::fflush(stdout);
    _exit(0);
  }
  int Status = 0;
  waitpid(Child, &Status, 0);
  if (WIFSIGNALED(Status)) {
    ProgramResult R;
    R.Decision = ProgramResult::Unprepared;
    R.Reason = std::string("libbpf crashes: ") + strsignal(WTERMSIG(Status));
    print(File, R);
  }
}

static int usage() {
  std::fputs("usage: loader [--limit SECONDS] [--list FILE] [OBJECT...]\n",
             stderr);
  return 64;
}

int main(int Argc, char **Argv) {
  unsigned Limit = 60;
  std::vector<std::string> Files;
  for (int I = 1; I < Argc; ++I) {
    bool HasValue = I + 1 < Argc;
    if (std::strcmp(Argv[I], "--limit") == 0 && HasValue) {
      Limit = unsigned(std::atoi(Argv[++I]));
    } else if (std::strcmp(Argv[I], "--list") == 0 && HasValue) {
      std::ifstream List(Argv[++I]);
      for (std::string Line; std::getline(List, Line);)
        Files.push_back(Line);
    } else if (Argv[I][0] == '-') {
      return usage();
    } else {
      Files.push_back(Argv[I]);
    }
  }
  rlimit Unlimited = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_MEMLOCK, &Unlimited);
  std::puts("file\tprogram\tsection\ttype\tverdict\terrno\tslots\tprocessed\t"
            "states\tpeak states\tjited\tstack\texpected\tmessages\treason");
  for (const std::string &File : Files)
    examine(File, Limit);
  return 0;
}
