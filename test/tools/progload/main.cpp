// progload: the kernel as judge of objects.
//
//   progload FILE.o ...       loads each program alone; CSV with a verdict for
//                             each
//   progload --log FILE.o PROGRAM
//                             what the verifier says about one program
//   progload --compare A.o B.o [--packets N] [--without PROGRAM:WHAT] ...
//                             runs each packet program of A.o and its namesake
//                             of B.o on N (1000) generated packets: in the
//                             kernel, both against each other; on the
//                             interpreter, each against the kernel. First with
//                             empty maps, then with what user space might have
//                             put there. Status 1 on any difference, or if
//                             B.o does not load where A.o does.
//
// WHAT is `runs` (load only), `maps` (compare returns and packets only) or
// `interpreter` (compare in the kernel only).

#include "Compare.h"
#include "KernelObject.h"
#include "UserObject.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sched.h>
#include <set>

using namespace bpfcc;

/// What libbpf last complained of; its callback has no place for more.
static std::string &lastComplaint() {
  static std::string Text;
  return Text;
}

static int noteComplaint(libbpf_print_level Level, const char *Format,
                         va_list Arguments) {
  char Text[512];
  if (Level != LIBBPF_WARN ||
      std::vsnprintf(Text, sizeof(Text), Format, Arguments) < 0)
    return 0;
  lastComplaint() = Text;
  lastComplaint().erase(lastComplaint().find_last_not_of('\n') + 1);
  return 0;
}

static std::string typeName(bpf_prog_type Type) {
  const char *Name = libbpf_bpf_prog_type_str(Type);
  return Name ? Name : "unknown type";
}

static int listVerdicts(int Count, char **Files) {
  std::puts("file,program,section,type,verdict,errno,reason");
  int Status = 0;
  for (int I = 0; I < Count; ++I) {
    auto Names = KernelObject::programs(Files[I]);
    if (Names.empty()) {
      std::printf("%s,,,,unreadable,0,\n", Files[I]);
      Status = 1;
    }
    for (const ProgramName &N : Names) {
      KernelObject O(Files[I], N.Program);
      std::string Reason = O.verdict().Reason;
      for (char &C : Reason)
        if (C == ',' || C == '"')
          C = ';';
      std::printf("%s,%s,%s,%s,%s,%d,%s\n", Files[I], N.Program.c_str(),
                  N.Section.c_str(), typeName(O.type()).c_str(),
                  O.verdict().Ok ? "ok" : "rejected", O.verdict().Error,
                  Reason.c_str());
    }
  }
  return Status;
}

static int printLog(const char *File, const char *Program) {
  KernelObject O(File, Program);
  std::printf("%s%s\n", O.verdict().Log.c_str(),
              O.verdict().Ok ? "ok" : O.verdict().Reason.c_str());
  return !O.verdict().Ok;
}

namespace {
struct CompareOptions {
  std::string FileA, FileB;
  unsigned Packets = 1000;
  std::set<std::string> Without; ///< PROGRAM:WHAT
  bool has(const std::string &Program, const char *What) const {
    return Without.count(Program + ":" + What) != 0;
  }
};
} // namespace

/// How the programs behave; empty if they all do the same.
static std::string difference(const CompareOptions &O, const std::string &Name,
                              const std::vector<PacketBytes> &Packets,
                              std::vector<MapEntry> &Entries, size_t &Ran) {
  bool Maps = !O.has(Name, "maps");
  auto kernel = [&](const std::string &File) {
    auto World = std::make_unique<KernelObject>(File, Name);
    for (const MapEntry &E : Entries)
      World->set(E);
    return World;
  };
  {
    auto A = kernel(O.FileA), B = kernel(O.FileB);
    Comparison C = compareWorlds(*A, *B, Packets, /*FirstDecides=*/false, Maps);
    Ran += C.Ran;
    if (!C.Difference.empty())
      return C.Difference;
  }
  if (O.has(Name, "interpreter"))
    return "";
  std::vector<MapEntry> Likely;
  for (const std::string &File : {O.FileA, O.FileB}) {
    auto K = kernel(File);
    UserObject U(File, Name, *K);
    if (!U.failure().empty())
      return "interpreter on " + File + ": " + U.failure();
    for (const MapEntry &E : Entries)
      U.set(E);
    Comparison C = compareWorlds(*K, U, Packets, /*FirstDecides=*/true, Maps);
    if (!C.Difference.empty())
      return "interpreter on " + File + ": " + C.Difference;
    Likely = U.likelyEntries();
  }
  Entries = Likely;
  return "";
}

static int compare(const CompareOptions &O) {
  auto Packets = generatePackets(O.Packets);
  auto Names = KernelObject::programs(O.FileA);
  if (Names.empty()) {
    std::printf("refused * libbpf cannot open the first object: %s\n",
                lastComplaint().c_str());
    return 0;
  }
  int Status = 0;
  for (const ProgramName &N : Names) {
    auto say = [&](const char *Word, const std::string &What, bool Bad) {
      std::printf("%s %s %s\n", Word, N.Program.c_str(), What.c_str());
      std::fflush(stdout);
      Status |= Bad;
    };
    KernelObject A(O.FileA, N.Program);
    if (!A.verdict().Ok) {
      say("refused",
          typeName(A.type()) +
              " from the first object too: " + A.verdict().Reason,
          false);
      continue;
    }
    KernelObject B(O.FileB, N.Program);
    if (!B.verdict().Ok) {
      say("REJECTED", B.verdict().Reason, true);
      continue;
    }
    if (!A.takesPackets() || O.has(N.Program, "runs")) {
      say("loads",
          typeName(A.type()) + (A.takesPackets() ? "" : " takes no packets"),
          false);
      continue;
    }
    std::vector<MapEntry> Entries;
    size_t Ran = 0;
    std::string Why = difference(O, N.Program, Packets, Entries, Ran);
    if (Why.empty() && !Entries.empty()) {
      Why = difference(O, N.Program, Packets, Entries, Ran);
      if (!Why.empty())
        Why = "with entries in maps, " + Why;
    }
    if (Why.empty() && Ran == 0)
      Why = "the kernel runs it on no packet";
    if (Why.empty())
      say("same", typeName(A.type()) + " " + std::to_string(Ran) + " runs",
          false);
    else
      say("DIFFERENT", Why, true);
  }
  return Status;
}

static int usage() {
  std::fputs("usage: progload FILE.o ... | progload --log FILE.o PROGRAM |\n"
             "       progload --compare A.o B.o [--packets N] "
             "[--without PROGRAM:WHAT] ...\n",
             stderr);
  return 64;
}

int main(int Argc, char **Argv) {
  libbpf_set_print(noteComplaint);
  // Per-CPU values and bpf_get_smp_processor_id must not depend on where the
  // scheduler puts us.
  cpu_set_t First;
  CPU_ZERO(&First);
  CPU_SET(0, &First);
  sched_setaffinity(0, sizeof(First), &First);

  if (Argc == 4 && std::strcmp(Argv[1], "--log") == 0)
    return printLog(Argv[2], Argv[3]);
  if (Argc >= 4 && std::strcmp(Argv[1], "--compare") == 0) {
    CompareOptions O;
    O.FileA = Argv[2], O.FileB = Argv[3];
    for (int I = 4; I < Argc; I += 2) {
      if (I + 1 == Argc)
        return usage();
      if (std::strcmp(Argv[I], "--packets") == 0)
        O.Packets = unsigned(std::atoi(Argv[I + 1]));
      else if (std::strcmp(Argv[I], "--without") == 0)
        O.Without.insert(Argv[I + 1]);
      else
        return usage();
    }
    return compare(O);
  }
  if (Argc >= 2 && Argv[1][0] != '-')
    return listVerdicts(Argc - 1, Argv + 1);
  return usage();
}
