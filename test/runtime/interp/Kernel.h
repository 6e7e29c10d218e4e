// Runs instructions in the kernel by bpf(2), for comparison.
#ifndef BPFCC_TEST_RUNTIME_INTERP_KERNEL_H
#define BPFCC_TEST_RUNTIME_INTERP_KERNEL_H

#include "backend/isa/Encoding.h"

#include <linux/bpf.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace bpfcc::test {

inline long bpf(int Command, bpf_attr &Attr) {
  return syscall(SYS_bpf, Command, &Attr, sizeof Attr);
}

struct KernelResult {
  bool Refused = false; ///< bpf(2) is not ours to call
  std::string Error;    ///< the verifier's log
  uint32_t Return = 0;
  std::vector<uint8_t> Packet;
};

inline KernelResult runInKernel(bpf_prog_type Type,
                                const std::vector<isa::Inst> &Code,
                                const std::vector<uint8_t> &Packet) {
  KernelResult Out;
  llvm::SmallVector<uint8_t, 0> Bytes;
  for (const isa::Inst &I : Code)
    isa::encode(I, /*BigEndian=*/false, Bytes);
  std::vector<char> Log(1 << 20);
  bpf_attr Load = {};
  Load.prog_type = Type;
  Load.insns = reinterpret_cast<uint64_t>(Bytes.data());
  Load.insn_cnt = uint32_t(Bytes.size() / 8);
  Load.license = reinterpret_cast<uint64_t>("GPL");
  long Fd = bpf(BPF_PROG_LOAD, Load);
  if (Fd < 0) {
    if (errno == EPERM || errno == ENOSYS) {
      Out.Refused = true;
      return Out;
    }
    Load.log_buf = reinterpret_cast<uint64_t>(Log.data());
    Load.log_size = uint32_t(Log.size());
    Load.log_level = 1;
    Fd = bpf(BPF_PROG_LOAD, Load);
    if (Fd < 0) {
      Out.Error = std::string(std::strerror(errno)) + "\n" + Log.data();
      return Out;
    }
  }
  Out.Packet.resize(Packet.size() + 4096);
  bpf_attr Run = {};
  Run.test.prog_fd = uint32_t(Fd);
  Run.test.data_in = reinterpret_cast<uint64_t>(Packet.data());
  Run.test.data_size_in = uint32_t(Packet.size());
  Run.test.data_out = reinterpret_cast<uint64_t>(Out.Packet.data());
  Run.test.data_size_out = uint32_t(Out.Packet.size());
  if (bpf(BPF_PROG_TEST_RUN, Run) < 0)
    Out.Error = std::string("BPF_PROG_TEST_RUN: ") + std::strerror(errno);
  Out.Return = Run.test.retval;
  Out.Packet.resize(Run.test.data_size_out);
  close(int(Fd));
  return Out;
}

} // namespace bpfcc::test

#endif
