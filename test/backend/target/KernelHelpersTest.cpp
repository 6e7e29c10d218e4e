// Which program types may call which helpers: the table against the verifier
// of the kernel that runs here. A program that only calls the helper is loaded
// for each pair; the log says whether the helper is known to the type. Skipped
// where bpf(2) is refused.

#include "backend/target/Helpers.h"

#include "llvm/ADT/StringSet.h"

#include <gtest/gtest.h>

#include <linux/bpf.h>
#include <map>
#include <set>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

using namespace bpfcc::target;
using llvm::StringSet;

namespace {

enum class Answer { No, Yes, Unknown };

/// Loads `call Id; r0 = 0; exit` as a program of type \p T.
Answer ask(ProgType T, unsigned Attach, unsigned Id) {
  bpf_insn Code[3] = {};
  Code[0].code = BPF_JMP | BPF_CALL;
  Code[0].imm = int(Id);
  Code[1].code = BPF_ALU64 | BPF_MOV | BPF_K;
  Code[2].code = BPF_JMP | BPF_EXIT;
  std::string Log(65536, '\0');
  bpf_attr A{};
  A.prog_type = unsigned(T);
  A.expected_attach_type = Attach;
  A.insns = reinterpret_cast<uint64_t>(Code);
  A.insn_cnt = 3;
  A.license = reinterpret_cast<uint64_t>("GPL");
  A.log_buf = reinterpret_cast<uint64_t>(Log.data());
  A.log_size = uint32_t(Log.size());
  A.log_level = 1;
  A.prog_flags = T == ProgType::Syscall ? BPF_F_SLEEPABLE : 0;
  long Fd = syscall(SYS_bpf, BPF_PROG_LOAD, &A, sizeof(A));
  Log.resize(strlen(Log.c_str()));
  if (Fd >= 0) {
    close(int(Fd));
    return Answer::Yes;
  }
  if (Log.empty())
    return Answer::Unknown;
  bool Refused = Log.find("cannot use helper") != std::string::npos ||
                 Log.find("unknown func") != std::string::npos ||
                 Log.find("invalid func") != std::string::npos;
  return Refused ? Answer::No : Answer::Yes;
}

/// What Linux 6.13 to 6.18 opened to more types, and what a locked-down or
/// smaller kernel takes away.
const StringSet<> OpenedLater = {"bpf_task_storage_get",
                                 "bpf_task_storage_delete",
                                 "bpf_send_signal",
                                 "bpf_send_signal_thread",
                                 "bpf_perf_event_read",
                                 "bpf_perf_event_read_value",
                                 "bpf_get_task_stack",
                                 "bpf_get_branch_snapshot",
                                 "bpf_find_vma",
                                 "bpf_copy_from_user",
                                 "bpf_copy_from_user_task",
                                 "bpf_get_current_comm",
                                 "bpf_get_current_uid_gid",
                                 "bpf_get_cgroup_classid",
                                 "bpf_get_netns_cookie",
                                 "bpf_current_task_under_cgroup"};
const StringSet<> NotEverywhere = {"bpf_probe_write_user",
                                   "bpf_override_return"};

TEST(KernelHelpers, ProgramTypesAsTheVerifierSays) {
  utsname Host;
  uname(&Host);
  auto Version = parseKernelVersion(Host.release);
  if (!Version || *Version < KernelVersion{6, 12})
    GTEST_SKIP() << "the table is of Linux 6.12, this is " << Host.release;
  if (ask(ProgType::SocketFilter, 0, 1) != Answer::Yes)
    GTEST_SKIP() << "bpf(2) is refused here";
  const std::map<ProgType, unsigned> Attach = {
      {ProgType::CgroupSockAddr, BPF_CGROUP_INET4_CONNECT},
      {ProgType::CgroupSockopt, BPF_CGROUP_SETSOCKOPT},
      {ProgType::CgroupSock, BPF_CGROUP_INET_SOCK_CREATE},
      {ProgType::CgroupDevice, BPF_CGROUP_DEVICE},
      {ProgType::CgroupSysctl, BPF_CGROUP_SYSCTL},
      {ProgType::SkLookup, BPF_SK_LOOKUP}};
  // Programs that attach to BTF are refused before their code is looked at.
  const std::set<ProgType> NeedBtf = {ProgType::Tracing, ProgType::StructOps,
                                      ProgType::Ext, ProgType::Lsm};
  unsigned Checked = 0;
  for (unsigned N = 1; const ProgTypeInfo *T = progTypeInfo(N); ++N) {
    auto It = Attach.find(T->Type);
    unsigned A = It == Attach.end() ? 0 : It->second;
    if (NeedBtf.contains(T->Type) || ask(T->Type, A, 1) != Answer::Yes)
      continue;
    for (unsigned Id = 1; const HelperInfo *H = helperById(Id); ++Id) {
      bool Kernel = ask(T->Type, A, Id) == Answer::Yes;
      ++Checked;
      if (Kernel ? OpenedLater.contains(H->Name)
                 : NotEverywhere.contains(H->Name))
        continue;
      EXPECT_EQ(Kernel, H->allows(T->Type)) << T->KernelName << " " << H->Name;
    }
  }
  EXPECT_GT(Checked, 20u * 211);
}

} // namespace
