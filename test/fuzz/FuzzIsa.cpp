// Any bytes: refused with a reason, or decoded to what prints, assembles and
// encodes again. Any text: refused with a reason, or assembled.

#include "backend/isa/Assembler.h"
#include "backend/isa/Disassembler.h"
#include "backend/isa/Encoding.h"
#include "support/Diagnostic.h"

using namespace bpfcc;

static void requireReason(llvm::Error E) {
  if (takeMessages(std::move(E)).empty())
    __builtin_trap();
}

static void decodeAndBack(llvm::ArrayRef<uint8_t> Bytes, bool BigEndian) {
  llvm::Expected<std::vector<isa::Inst>> Insts = isa::decode(Bytes, BigEndian);
  if (!Insts)
    return requireReason(Insts.takeError());
  llvm::SmallVector<uint8_t, 64> Again;
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  for (const isa::Inst &I : *Insts) {
    isa::print(OS, I);
    isa::encode(I, BigEndian, Again);
  }
  llvm::Expected<std::vector<isa::Inst>> Twice = isa::decode(Again, BigEndian);
  if (!Twice || *Twice != *Insts)
    __builtin_trap();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  if (Size == 0)
    return 0;
  llvm::ArrayRef<uint8_t> Rest(Data + 1, Size - 1);
  if (Data[0] & 2) {
    auto R = isa::assemble(llvm::StringRef(
        reinterpret_cast<const char *>(Rest.data()), Rest.size()));
    if (!R)
      requireReason(R.takeError());
  } else
    decodeAndBack(Rest, Data[0] & 1);
  return 0;
}
