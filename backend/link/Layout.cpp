#include "backend/link/Layout.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/MathExtras.h"

namespace bpfcc::link {

using namespace llvm;

static const char *kindOf(const Section &S) {
  return S.Flags & ELF::SHF_EXECINSTR ? "code" : "data";
}

/// Makes \p Out the section that both it and \p In are parts of.
static void joinProperties(Section &Out, const Section &In) {
  constexpr uint64_t Strings = ELF::SHF_MERGE | ELF::SHF_STRINGS;
  if (In.EntrySize != Out.EntrySize ||
      (In.Flags & Strings) != (Out.Flags & Strings)) {
    Out.EntrySize = 0;
    Out.Flags &= ~Strings;
    Out.Flags |= In.Flags & ~Strings;
  } else {
    Out.Flags |= In.Flags;
  }
  Out.Align = std::max(Out.Align, In.Align);
  if (In.Type != Out.Type && Out.Type == ELF::SHT_NOBITS) {
    Out.Type = In.Type;
    Out.Data.resize(Out.Size);
  }
}

/// A piece keeps the alignment that its place in the input gave it, so that a
/// section of which nothing goes stays as it was.
static uint64_t alignmentOf(const Piece &P, const Section &S) {
  uint64_t Align = std::max(1u, S.Align);
  return P.Start ? std::min(Align, P.Start & -P.Start) : Align;
}

static void append(Section &Out, Piece &P, const Section &In) {
  P.Offset = alignTo(Out.Size, alignmentOf(P, In));
  Out.Size = P.Offset + P.Size;
  if (Out.Type == ELF::SHT_NOBITS)
    return;
  Out.Data.resize(Out.Size);
  if (In.Type != ELF::SHT_NOBITS)
    std::copy_n(In.Data.begin() + int64_t(P.Start), P.Size,
                Out.Data.begin() + int64_t(P.Offset));
}

Error placePieces(std::vector<Input> &Inputs, Object &Out) {
  constexpr uint64_t MaxSize = 1ull << 32; // what an offset in code can hold
  StringMap<std::pair<uint32_t, const Input *>> ByName;
  Error Errors = Error::success();
  for (Input &In : Inputs)
    for (uint32_t N = 0; N != In.Sections.size(); ++N) {
      const Section &S = In.Obj.Sections[N];
      InputSection &Sec = In.Sections[N];
      if (none_of(Sec.Pieces, [](const Piece &P) { return P.Live; }))
        continue;
      auto [It, New] = ByName.try_emplace(S.Name, Out.Sections.size(), &In);
      if (New) {
        Out.Sections.push_back(S);
        Out.Sections.back().Data.clear();
        Out.Sections.back().Relocs.clear();
        Out.Sections.back().Size = 0;
      }
      Section &To = Out.Sections[It->second.first];
      if ((To.Flags ^ S.Flags) & ELF::SHF_EXECINSTR) {
        Errors = joinErrors(std::move(Errors),
                            diagError(DiagCode::SectionMismatch,
                                      {In.Name, 0, 0}, S.Name, kindOf(S),
                                      It->second.second->Name, kindOf(To)));
        continue;
      }
      joinProperties(To, S);
      for (Piece &P : Sec.Pieces) {
        if (!P.Live)
          continue;
        P.Section = It->second.first;
        append(To, P, S);
      }
      if (To.Size > MaxSize)
        return joinErrors(std::move(Errors),
                          In.bad("section `" + S.Name +
                                 "` is too large together with the others"));
    }
  // The second licence is where the first is.
  for (Input &In : Inputs)
    for (uint32_t N = 0; N != In.Sections.size(); ++N)
      if (Piece *P = In.Sections[N].Pieces.data();
          In.Sections[N].How == Use::Once && !P->Live)
        P->Section = ByName.lookup(In.Obj.Sections[N].Name).first;
  return Errors;
}

} // namespace bpfcc::link
