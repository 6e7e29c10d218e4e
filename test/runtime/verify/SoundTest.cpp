// Random programs. What the verifier accepts must run to its end in the
// interpreter, which checks every access, and the kernel of this machine must
// agree nearly always. BPFCC_VERIFY_PROGRAMS says how many; where bpf(2) is
// refused the kernel is not asked.

#include "../interp/Kernel.h"
#include "Generate.h"
#include "backend/isa/Disassembler.h"
#include "runtime/verify/Verify.h"

using namespace bpfcc;
using namespace bpfcc::test;

namespace {

struct KernelVerdict {
  bool Asked = false, Accepted = false;
  unsigned long Processed = 0;
  std::string Log;
};

class Kernel {
public:
  Kernel() {
    bpf_attr A = {};
    A.map_type = BPF_MAP_TYPE_ARRAY;
    A.key_size = 4;
    A.value_size = ValueSize;
    A.max_entries = 1;
    Map = bpf(BPF_MAP_CREATE, A);
  }
  ~Kernel() {
    if (Map >= 0)
      close(int(Map));
  }

  KernelVerdict load(std::vector<isa::Inst> Code) {
    KernelVerdict V;
    if (Map < 0)
      return V;
    llvm::SmallVector<uint8_t, 0> Bytes;
    for (isa::Inst &I : Code) {
      if (I.Opcode == isa::Op::LD_MAP_FD)
        I.Imm = Map;
      isa::encode(I, /*BigEndian=*/false, Bytes);
    }
    std::vector<char> Log(1 << 16);
    bpf_attr A = {};
    A.prog_type = BPF_PROG_TYPE_XDP;
    A.insns = reinterpret_cast<uint64_t>(Bytes.data());
    A.insn_cnt = uint32_t(Bytes.size() / 8);
    A.license = reinterpret_cast<uint64_t>("GPL");
    A.log_buf = reinterpret_cast<uint64_t>(Log.data());
    A.log_size = uint32_t(Log.size());
    A.log_level = 4;
    long Fd = bpf(BPF_PROG_LOAD, A);
    if (Fd < 0 && errno != EINVAL && errno != EACCES && errno != E2BIG)
      return V;
    V.Asked = true;
    V.Accepted = Fd >= 0;
    V.Log = Log.data();
    if (size_t At = V.Log.find("processed "); At != std::string::npos)
      V.Processed = std::strtoul(&V.Log[At + 10], nullptr, 10);
    if (Fd >= 0)
      close(int(Fd));
    return V;
  }

private:
  long Map;
};

Program makeProgram(std::vector<isa::Inst> Code) {
  Program P = program(std::move(Code));
  MapDef M;
  M.Name = "values";
  M.Type = BPF_MAP_TYPE_ARRAY;
  M.KeySize = 4;
  M.ValueSize = ValueSize;
  M.MaxEntries = 1;
  P.Maps.push_back(M);
  P.InnerMaps.push_back(~0u);
  return P;
}

std::string text(const std::vector<isa::Inst> &Code) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  for (size_t N = 0; N != Code.size(); ++N) {
    OS << N << ": ";
    isa::print(OS, Code[N]);
    OS << '\n';
  }
  return Text;
}

TEST(Soundness, AcceptedProgramsRunAndLoad) {
  unsigned Programs = 2000;
  if (const char *Count = std::getenv("BPFCC_VERIFY_PROGRAMS"))
    Programs = unsigned(std::atoi(Count));
  Kernel K;
  unsigned Accepted = 0, Asked = 0, StricterHere = 0, StricterThere = 0;
  unsigned SameCount = 0, Both = 0;
  verify::Options O;
  O.Kernel = {6, 18};
  O.Type = target::ProgType::Xdp;
  for (unsigned Seed = 0; Seed != Programs; ++Seed) {
    std::vector<isa::Inst> Code = Generator(Seed).program();
    Program P = makeProgram(Code);
    verify::Result R = verify::verify(P, 0, O);
    bool Mine = R.V == verify::Verdict::Accepted;
    KernelVerdict V = K.load(Code);
    Asked += V.Asked;
    if (Mine) {
      ++Accepted;
      std::mt19937 Random(Seed);
      for (unsigned Run = 0; Run != 8; ++Run) {
        std::vector<uint8_t> Frame(14 + Random() % 60);
        for (uint8_t &B : Frame)
          B = uint8_t(Random());
        auto Ran = runXdp(P, Frame);
        if (!Ran) {
          ADD_FAILURE() << "seed " << Seed << ": accepted, and "
                        << takeMessages(Ran.takeError()) << "\n"
                        << text(Code);
          break;
        }
      }
      if (V.Asked && !V.Accepted) {
        ++StricterThere;
        if (std::getenv("BPFCC_VERIFY_SHOW"))
          llvm::errs() << "seed " << Seed << "\n" << text(Code) << V.Log;
      }
    }
    if (V.Asked && V.Accepted && Mine) {
      ++Both;
      SameCount += V.Processed == R.Stats.Processed;
      if (V.Processed != R.Stats.Processed &&
          std::getenv("BPFCC_VERIFY_COUNTS"))
        llvm::errs() << "seed " << Seed << ": kernel " << V.Processed
                     << ", here " << R.Stats.Processed << "\n"
                     << text(Code);
    }
    if (V.Asked && V.Accepted && !Mine) {
      ++StricterHere;
      if (std::getenv("BPFCC_VERIFY_SHOW"))
        llvm::errs() << "seed " << Seed << ": " << R.Why.Message << "\n"
                     << text(Code);
    }
  }
  llvm::outs() << Accepted << " of " << Programs << " accepted, " << Asked
               << " asked of the kernel, which accepts " << StricterHere
               << " more and refuses " << StricterThere << " of them; of "
               << Both << " that both accept " << SameCount
               << " took as many instructions\n";
  EXPECT_GT(Accepted, Programs / 20);
  // The numbers here know their bits and bounds a little better than the
  // kernel's: now and then a path is dead that the kernel follows.
  EXPECT_LE(StricterHere * 200, Asked);
  EXPECT_LE(StricterThere * 200, Accepted);
  EXPECT_GE(SameCount * 100, Both * 95);
}

} // namespace
