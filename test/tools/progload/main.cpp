// progload: the kernel as judge of objects.
//
//   progload FILE.o ...             loads each program alone; CSV with a
//   verdict
//                                   for each
//   progload --compare A.o B.o [N]  runs each packet program of A.o and its
//                                   namesake of B.o on N (1000) generated
//                                   packets in the kernel; one line for each
//                                   program, status 1 on any difference, or
//                                   if B.o does not load where A.o does

#include "KernelObject.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace bpfcc;

static int silent(libbpf_print_level, const char *, va_list) { return 0; }

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
      const char *Type = libbpf_bpf_prog_type_str(O.type());
      std::printf("%s,%s,%s,%s,%s,%d,%s\n", Files[I], N.Program.c_str(),
                  N.Section.c_str(), Type ? Type : "unknown",
                  O.verdict().Ok ? "ok" : "rejected", O.verdict().Error,
                  Reason.c_str());
    }
  }
  return Status;
}

/// How the two programs differ; empty if they do not.
static std::string difference(const KernelObject &A, const KernelObject &B,
                              const std::vector<PacketBytes> &Packets) {
  for (size_t I = 0; I < Packets.size(); ++I) {
    TestRun RunA = A.run(Packets[I]), RunB = B.run(Packets[I]);
    std::string Where = "packet " + std::to_string(I) + ": ";
    if (RunA.Error != RunB.Error)
      return Where + "errors " + std::to_string(RunA.Error) + " and " +
             std::to_string(RunB.Error);
    if (RunA.Return != RunB.Return)
      return Where + "returns " + std::to_string(RunA.Return) + " and " +
             std::to_string(RunB.Return);
    if (RunA.Packet != RunB.Packet)
      return Where + "packet bytes";
  }
  auto MapsA = A.mapContents(), MapsB = B.mapContents();
  for (const auto &[Name, Entries] : MapsA)
    if (MapsB.count(Name) && MapsB[Name] != Entries)
      return "contents of map " + Name;
  return "";
}

static int compare(const char *FileA, const char *FileB, unsigned Count) {
  auto Packets = generatePackets(Count);
  auto Names = KernelObject::programs(FileA);
  if (Names.empty()) {
    std::printf("%s: unreadable\n", FileA);
    return 1;
  }
  int Status = 0;
  for (const ProgramName &N : Names) {
    KernelObject A(FileA, N.Program);
    auto say = [&](const char *Word, const std::string &Why) {
      std::printf("%s %s:%s %s\n", Word, FileA, N.Program.c_str(), Why.c_str());
    };
    if (!A.verdict().Ok) {
      say("skipped", "rejected from A too: " + A.verdict().Reason);
      continue;
    }
    KernelObject B(FileB, N.Program);
    if (!B.verdict().Ok) {
      say("REJECTED", B.verdict().Reason);
      Status = 1;
      continue;
    }
    if (!A.takesPackets()) {
      say("loads", "");
      continue;
    }
    std::string Why = difference(A, B, Packets);
    say(Why.empty() ? "same" : "DIFFERENT", Why);
    Status |= !Why.empty();
  }
  return Status;
}

int main(int Argc, char **Argv) {
  libbpf_set_print(silent);
  if (Argc >= 4 && std::strcmp(Argv[1], "--compare") == 0)
    return compare(Argv[2], Argv[3],
                   Argc > 4 ? unsigned(std::atoi(Argv[4])) : 1000);
  if (Argc >= 2 && Argv[1][0] != '-')
    return listVerdicts(Argc - 1, Argv + 1);
  std::fputs("usage: progload FILE.o ... | progload --compare A.o B.o [N]\n",
             stderr);
  return 64;
}
