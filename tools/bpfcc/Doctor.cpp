// `bpfcc doctor`: what works on this machine, what is missing, and what to do
// about it. One line a fact; what is missing never makes the command fail,
// unless bpfcc itself cannot work.

#include "frontend/headers/HeaderFileSystem.h"
#include "runtime/hooks/Pcap.h"
#include "runtime/kernel/Probe.h"
#include "support/Diagnostic.h"
#include "support/ExitCode.h"
#include "tools/bpfcc/Commands.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

#include <cerrno>
#include <cstring>
#include <linux/magic.h>
#include <set>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

using namespace llvm;

namespace bpfcc::tools {

namespace {
struct Tool {
  const char *Name;
  const char *Use;
  const char *Package; ///< of Debian
};
} // namespace

static constexpr Tool Tools[] = {
    {"bpftool", "loads programs into the kernel and shows them", "bpftool"},
    {"clang-22", "the compiler that tests compare with", "clang-22"},
    {"llvm-objdump-22", "the disassembler that tests compare with", "llvm-22"},
    {"qemu-system-x86_64", "boots other kernels", "qemu-system-x86"},
};

const char *doctorUsage() {
  return "usage: bpfcc doctor\n\n"
         "Shows what works on this machine and what is missing, with what to "
         "do\n"
         "about it. Status 0 unless bpfcc itself cannot work.\n";
}

static void line(StringRef State, StringRef What, const Twine &Value) {
  outs() << "  " << left_justify(State, 9) << left_justify(What, 26) << Value
         << '\n';
}

static void ok(StringRef What, const Twine &Value) { line("ok", What, Value); }

static void missing(StringRef What, const Twine &Value, const Twine &ToDo) {
  line("missing", What, Value);
  outs() << "           -> " << ToDo << '\n';
}

/// The text of a small file of /proc; nothing if it cannot be read.
static std::optional<std::string> readSetting(StringRef Path) {
  auto Buffer = MemoryBuffer::getFileAsStream(Path);
  if (!Buffer)
    return std::nullopt;
  return (*Buffer)->getBuffer().trim().str();
}

static Error itself() {
  auto Pack = builtinHeaders();
  if (!Pack)
    return Pack.takeError();
  std::set<std::string> Arches;
  for (uint32_t N = 0; N != Pack->size(); ++N) {
    HeaderPack::Entry E = Pack->entry(N);
    // Reading proves that the bytes are whole.
    auto Text = HeaderPack::read(E, E.Name);
    if (!Text)
      return Text.takeError();
    StringRef Name = E.Name;
    if (Name.consume_front("vmlinux/"))
      Arches.insert(Name.split('/').first.str());
  }
  ok("headers in the box", Twine(Pack->size()) + " files");
  if (Arches.empty())
    missing("vmlinux.h in the box", "for no architecture",
            "build bpfcc where /sys/kernel/btf/vmlinux can be read");
  else
    ok("vmlinux.h in the box", "for " + join(Arches, ", "));
  ok("packet captures", pcapVersion());
  return Error::success();
}

static void kernel() {
  utsname Name = {};
  if (uname(&Name) == 0)
    ok("kernel", Twine(Name.sysname) + " " + Name.release + " " + Name.machine);

  uint64_t Size = 0;
  constexpr const char *Btf = "/sys/kernel/btf/vmlinux";
  if (!sys::fs::file_size(Btf, Size) && Size)
    ok("types of the kernel (BTF)", Twine(Btf) + ", " + Twine(Size) + " bytes");
  else
    missing("types of the kernel (BTF)", Twine(Btf) + " is not there",
            "CO-RE and fentry need a kernel with CONFIG_DEBUG_INFO_BTF=y");

  auto Jit = readSetting("/proc/sys/net/core/bpf_jit_enable");
  if (!Jit)
    missing("JIT of the kernel", "cannot be read",
            "it may be on; only root can see net.core.bpf_jit_enable");
  else if (*Jit == "0")
    missing("JIT of the kernel", "off: programs run slowly",
            "sysctl net.core.bpf_jit_enable=1");
  else
    ok("JIT of the kernel", "on");

  auto Unprivileged = readSetting("/proc/sys/kernel/unprivileged_bpf_disabled");
  StringRef Meaning =
      !Unprivileged          ? "unknown"
      : *Unprivileged == "0" ? "0: anybody may load socket filters"
      : *Unprivileged == "1" ? "1: for root and CAP_BPF alone, until reboot"
                             : "2: for root and CAP_BPF alone";
  ok("unprivileged_bpf_disabled", Meaning);

  struct statfs Fs = {};
  if (statfs("/sys/fs/bpf", &Fs) == 0 &&
      uint64_t(Fs.f_type) == uint64_t(BPF_FS_MAGIC))
    ok("bpf file system", "/sys/fs/bpf");
  else
    missing("bpf file system", "nothing can be pinned",
            "mount -t bpf bpf /sys/fs/bpf");
}

/// Gives whether bpf(2) can be called.
static bool systemCall() {
  int Error = probeMapCreation();
  if (!Error) {
    ok("bpf(2)", "allowed");
    return true;
  }
  missing("bpf(2)", std::strerror(Error),
          Error == ENOSYS
              ? "the kernel needs CONFIG_BPF_SYSCALL=y"
              : "run as root or with CAP_BPF; in a container, allow bpf(2) "
                "and give CAP_BPF and CAP_NET_ADMIN");
  return false;
}

static void programTypes() {
  for (const ProgKind &Kind : progKinds()) {
    const target::ProgTypeInfo &Info = *target::progTypeInfo(Kind.Type);
    std::string What = StringRef(Info.KernelName).lower();
    if (Kind.Type == target::ProgType::Tracing)
      What += std::string(" (") + Kind.Section + ")";
    ProbeResult R = probeProgram(Kind);
    switch (R.Verdict) {
    case ProbeVerdict::Loads:
      ok(What, "loads");
      break;
    case ProbeVerdict::NeedsTarget:
      ok(What, "known; a program must name its target");
      break;
    case ProbeVerdict::Refused:
      missing(What, std::strerror(R.Error),
              geteuid() == 0
                  ? "a policy of this machine refuses it, even to root"
                  : "run as root, or with CAP_BPF and CAP_NET_ADMIN or "
                    "CAP_PERFMON");
      break;
    case ProbeVerdict::Unknown:
      missing(What, std::strerror(R.Error),
              "since Linux " + toString(Info.Since) +
                  ", where the kernel's configuration has it");
      break;
    }
  }
}

static void tools() {
  // What administrators use may not be in the user's PATH.
  for (const Tool &T : Tools) {
    auto Path = sys::findProgramByName(T.Name);
    if (!Path)
      Path = sys::findProgramByName(T.Name, {"/usr/sbin", "/sbin"});
    if (Path)
      ok(T.Name, *Path);
    else
      missing(T.Name, T.Use, "apt-get install " + Twine(T.Package));
  }
}

int doctorCommand(Arguments Args) {
  if (Args.size() == 1 && StringRef(Args[0]) == "--help") {
    outs() << doctorUsage();
    return ExitOk;
  }
  if (!Args.empty()) {
    errs() << doctorUsage();
    return ExitUsage;
  }
  outs() << "bpfcc " BPFCC_VERSION " (LLVM " BPFCC_LLVM_VERSION ")\n";
  if (Error E = itself())
    return reportErrors(errs(), std::move(E));
  outs() << "\nkernel\n";
  kernel();
  bool Allowed = systemCall();
  outs() << "\nprogram types in the kernel\n";
  if (Allowed)
    programTypes();
  else
    outs() << "  not tried: bpf(2) is refused\n";
  outs() << "\ntools, for tests and comparison\n";
  tools();
  return ExitOk;
}

} // namespace bpfcc::tools
