// Jump tables, as Clang 22 makes them of large switches at ISA level 4.
//
// `.jumptables` holds the places of instructions as bytes from the start of
// their section, eight bytes each; a table is what a symbol covers of it
// (Documentation/bpf/llvm_reloc.rst names none of this: see libbpf's
// create_jt_map). Code loads the address of a table as that of a variable,
// reads an entry and jumps by `gotox`. Here an entry becomes instAddress() of
// the instruction.

#include "runtime/load/Loader.h"

#include "llvm/Support/Endian.h"

using namespace llvm;

namespace bpfcc {

Error Loader::fillJumpTables() {
  for (auto [Table, CodeSection] : JumpTables)
    if (Error E = fillJumpTable(O.Symbols[Table], CodeSection))
      return E;
  for (Subprog &S : P.Subprogs) {
    llvm::sort(S.JumpTargets);
    S.JumpTargets.erase(llvm::unique(S.JumpTargets), S.JumpTargets.end());
  }
  return Error::success();
}

Error Loader::fillJumpTable(const Symbol &Table, int32_t CodeSection) {
  const Section &S = O.Sections[size_t(Table.Section)];
  auto Order = O.BigEndian ? endianness::big : endianness::little;
  auto Map = DataMap[size_t(Table.Section)];
  auto Initial = llvm::find_if(
      P.Initial, [&](const Program::InitialValue &V) { return V.Map == Map; });
  if (Initial == P.Initial.end() || Table.Size == 0 || Table.Size % 8 ||
      Table.Value > S.Data.size() || Table.Size > S.Data.size() - Table.Value)
    return bad("jump table `" + Table.Name + "` does not lie in its section");
  for (uint64_t At = Table.Value; At != Table.Value + Table.Size; At += 8) {
    uint64_t Offset = support::endian::read64(&S.Data[At], Order);
    auto It = Functions.upper_bound({CodeSection, Offset});
    bool Found = false;
    if (It != Functions.begin() && (--It)->first.first == CodeSection) {
      Subprog &F = P.Subprogs[It->second];
      uint64_t Slot = (Offset - It->first.second) / 8;
      auto Inst = llvm::lower_bound(F.Slots, Slot);
      Found = Offset % 8 == 0 && Inst != F.Slots.end() && *Inst == Slot;
      auto Index = uint32_t(Inst - F.Slots.begin());
      if (Found)
        F.JumpTargets.push_back(Index);
      support::endian::write64(&Initial->Value[At],
                               instAddress(It->second, Index), Order);
    }
    if (!Found)
      return bad("jump table `" + Table.Name + "` names `" +
                 sectionName(CodeSection) + "+" + Twine(Offset) +
                 "`, where no instruction starts");
  }
  return Error::success();
}

} // namespace bpfcc
