#include "runtime/verify/KernelWalk.h"

#include "support/Counted.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"

using namespace llvm;

namespace bpfcc::verify {

static bool isRecord(btf::Kind K) {
  return K == btf::KindStruct || K == btf::KindUnion;
}

/// The type of the elements of an array of any number of dimensions.
static uint32_t elementOf(const BtfFile &Btf, uint32_t Id) {
  Id = Btf.strip(Id);
  while (Btf.type(Id).K == btf::KindArray)
    Id = Btf.strip(Btf.type(Id).Target);
  return Id;
}

static Found nothing(uint32_t Record, const Twine &Why) {
  Found F;
  F.Record = Record;
  F.Why = Why.str();
  return F;
}

static Found number(uint32_t Record, StringRef Field) {
  Found F;
  F.What = Found::Number;
  F.Record = Record;
  F.Field = Field;
  return F;
}

/// A pointer field; a number if it leads to no record.
static Found pointer(const BtfFile &Btf, uint32_t Record, StringRef Field,
                     uint32_t Pointer) {
  Found F = number(Record, Field);
  uint32_t To = Btf.type(Pointer).Target;
  while (Btf.type(To).K == btf::KindTypeTag) {
    F.Tag = Btf.type(To).Name;
    To = Btf.type(To).Target;
  }
  To = Btf.strip(To);
  if (isRecord(Btf.type(To).K)) {
    F.What = Found::Pointer;
    F.Type = To;
  }
  return F;
}

namespace {
struct Place {
  uint32_t Record;
  uint64_t Offset;
};
} // namespace

/// One step: into the field of \p At that has the bytes. True with \p At
/// changed if that field is a record itself, else false with \p F.
static bool step(const BtfFile &Btf, Place &At, uint64_t Bytes, Found &F) {
  const BtfFile::Type &T = Btf.type(At.Record);
  std::string Name =
      T.Name.empty() ? "an unnamed record" : "`" + T.Name.str() + "`";
  uint64_t End = At.Offset + Bytes;
  if (End > T.Size) {
    // The last member may be an array without a size.
    bool Open = !T.Members.empty();
    if (Open) {
      const BtfFile::Member &Last = T.Members.back();
      const BtfFile::Type &Array = Btf.type(Btf.strip(Last.Type));
      Open = Array.K == btf::KindArray && Array.Size == 0 &&
             At.Offset >= Last.Offset / 8;
      uint32_t Element = Open ? elementOf(Btf, Last.Type) : 0;
      if (Open && Btf.type(Element).K == btf::KindInt) {
        F = number(At.Record, Last.Name);
        return false;
      }
      Open = Open && isRecord(Btf.type(Element).K) && Btf.type(Element).Size;
      if (Open) {
        At.Offset = (At.Offset - Last.Offset / 8) % Btf.type(Element).Size;
        At.Record = Element;
        return true;
      }
    }
    F = nothing(At.Record, "an access of " + counted(Bytes, "byte") +
                               " at offset " + Twine(At.Offset) +
                               " is outside " + Name + ", which has " +
                               Twine(T.Size));
    return false;
  }
  for (const BtfFile::Member &M : T.Members) {
    uint64_t Start = M.Offset / 8;
    if (M.Size) {
      uint64_t Behind = (M.Offset + M.Size + 7) / 8;
      if (At.Offset <= Start && Behind <= End) {
        F = number(At.Record, M.Name);
        return false;
      }
      continue;
    }
    if (End <= Start)
      break;
    uint64_t Size = Btf.sizeOf(M.Type);
    if (At.Offset >= Start + Size)
      continue;
    if (At.Offset < Start)
      break;
    uint32_t Type = Btf.strip(M.Type);
    if (Btf.type(Type).K == btf::KindArray) {
      Type = elementOf(Btf, Type);
      uint64_t Each = Btf.sizeOf(Type);
      if (Each)
        Start += (At.Offset - Start) / Each * Each;
      // Numbers may be read over several elements, records and pointers not.
      if (isRecord(Btf.type(Type).K) || Btf.type(Type).K == btf::KindPtr)
        Size = Each;
      else
        Size = M.Offset / 8 + Size - Start;
    }
    btf::Kind K = Btf.type(Type).K;
    if (isRecord(K)) {
      At = {Type, At.Offset - Start};
      return true;
    }
    if (K == btf::KindPtr) {
      constexpr unsigned PointerSize = 8;
      F = Bytes == PointerSize && At.Offset == Start
              ? pointer(Btf, At.Record, M.Name, Type)
              : nothing(At.Record, "part of the pointer `" + M.Name + "` of " +
                                       Name + " is read");
      return false;
    }
    F = End <= Start + Size
            ? number(At.Record, M.Name)
            : nothing(At.Record, "more than the member `" + M.Name + "` of " +
                                     Name + " is read");
    return false;
  }
  F = nothing(At.Record, Name + " has no field at offset " + Twine(At.Offset));
  return false;
}

Found walkRecord(const BtfFile &Btf, uint32_t Type, uint64_t Offset,
                 uint64_t Bytes) {
  Place At = {Btf.strip(Type), Offset};
  Found F;
  // Every step leads to a smaller record.
  while (step(Btf, At, Bytes, F))
    ;
  return F;
}

bool isObject(const BtfFile &Btf, uint32_t Have, uint64_t Offset, uint32_t Want,
              bool Strict) {
  Have = Btf.strip(Have);
  Want = Btf.strip(Want);
  if (Offset == 0 && Have == Want)
    return true;
  if (Strict)
    return false;
  Place At = {Have, Offset};
  Found F;
  while (step(Btf, At, 1, F))
    if (At.Offset == 0 && At.Record == Want)
      return true;
  return false;
}

static bool isPlain(const BtfFile &Btf, uint32_t Id, unsigned Depth) {
  constexpr unsigned MaxDepth = 4;
  const BtfFile::Type &T = Btf.type(elementOf(Btf, Id));
  if (!isRecord(T.K))
    return T.K == btf::KindInt || T.K == btf::KindEnum ||
           T.K == btf::KindEnum64;
  return Depth != MaxDepth && all_of(T.Members, [&](const auto &M) {
           return isPlain(Btf, M.Type, Depth + 1);
         });
}

bool isPlain(const BtfFile &Btf, uint32_t Id) { return isPlain(Btf, Id, 0); }

} // namespace bpfcc::verify
