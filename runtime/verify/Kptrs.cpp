// Pointers to objects that lie in map values: `__kptr` holds a reference, which
// only bpf_kptr_xchg() moves in and out; `__kptr_untrusted` is good for
// reading.
//
// What is read out of a map may be dropped by others at any time. Objects that
// the kernel frees by RCU, and those of the program itself, stay until the end
// of the RCU section in which they were read.

#include "runtime/verify/KernelWalk.h"
#include "runtime/verify/Verifier.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;

/// The kernel's type of what \p F points to; 0 if it is an object of the
/// program.
uint32_t Verifier::kernelTypeOf(const SpecialField &F) const {
  const BtfFile::Type &T = Btf.type(F.Type);
  return O.Types ? O.Types->find(T.K, T.Name) : 0;
}

/// What a program gets that reads \p F.
Reg Verifier::loadKptr(const SpecialField &F) {
  Reg R;
  R.Value = Scalar::constant(0);
  R.Id = newId();
  if (!O.Types) {
    R.K = Kind::Foreign;
    R.Flags = MayBeNull | Untrusted;
    return R;
  }
  uint32_t Type = kernelTypeOf(F);
  R.K = Type ? Kind::BtfObj : Kind::Object;
  R.Index = Type ? Type : F.Type;
  R.Flags = MayBeNull;
  if (F.Points == SpecialField::PerCpu)
    R.Flags |= PerCpu;
  static constexpr StringLiteral ByRcu[] = {"prog_test_ref_kfunc", "cgroup",
                                            "bpf_cpumask", "task_struct",
                                            "bpf_crypto_ctx"};
  bool Safe = F.Points != SpecialField::Unheld &&
              (!Type || is_contained(ByRcu, Btf.type(F.Type).Name));
  R.Flags |= Safe && rcuProtects() ? Rcu : Untrusted;
  return R;
}

/// Whether \p R can be put into \p F.
bool Verifier::fitsKptr(const Reg &R, const SpecialField &F) {
  uint32_t Type = kernelTypeOf(F);
  auto Bad = [&](const Twine &What) {
    return failAbout(DiagCode::HelperArgument, R,
                     "the pointer in the map is to a `struct " +
                         Btf.type(F.Type).Name + "`, this is " + What);
  };
  if (!R.is(Type ? Kind::BtfObj : Kind::Object))
    return Bad(kindName(R));
  if (bool(R.Flags & PerCpu) != (F.Points == SpecialField::PerCpu))
    return Bad("another kind of object");
  if (R.Off || !R.Value.isConstant())
    return Bad("a pointer that was moved");
  bool Strict = F.Points != SpecialField::Unheld;
  bool Fits = Type ? isObject(O.Types->btf(), R.Index, 0, Type, Strict)
                   : R.Index == F.Type;
  return Fits || Bad("a " + typeName(R));
}

/// A plain store of a pointer into a map value.
bool Verifier::storeKptr(const Access &A, const SpecialField &F) {
  if (F.Points != SpecialField::Unheld)
    return fail(DiagCode::SpecialMemory,
                "a pointer that holds a reference is stored to",
                "use bpf_kptr_xchg()");
  if (!A.Stored)
    return fail(DiagCode::SpecialMemory,
                "a helper writes over a pointer to an object");
  if (A.Stored->isZero())
    return true;
  if (!O.Types || A.Stored->is(Kind::Foreign))
    return cannotJudge("kernel pointers that are stored in maps need the "
                       "kernel's types");
  if (A.Stored->Flags & (User | PerCpu))
    return failAbout(DiagCode::HelperArgument, *A.Stored,
                     "this pointer does not lead to an object");
  return fitsKptr(*A.Stored, F);
}

/// The pointer field that bpf_kptr_xchg() changes.
bool Verifier::kptrDestination(Call &C, unsigned N) {
  const Reg &R = reg(N);
  auto Bad = [&](const Twine &What) {
    return failAbout(DiagCode::HelperArgument, R,
                     "`" + C.Name +
                         "` wants the address of a `__kptr` in a map "
                         "value, this is " +
                         What);
  };
  if (!O.Types)
    return cannotJudge("kernel pointers in maps need the kernel's types");
  bool InObject = R.is(Kind::Object) && !before(6, 12);
  if (R.mayBeNull() || (!R.is(Kind::MapValue) && !InObject))
    return Bad(kindName(R));
  if (!R.Value.isConstant())
    return Bad("a place that is not constant");
  const auto &Fields = InObject ? fieldsOf(R.Index) : P.Maps[R.Index].Special;
  // With more fields than that kernels take a value for plain bytes.
  constexpr size_t MaxFields = 11;
  if (Fields.size() > MaxFields)
    return Bad("in a value with more than " + Twine(MaxFields) +
               " special fields");
  for (const SpecialField &F : Fields) {
    if (F.What != SpecialField::Kptr || int64_t(F.Offset) != R.minOff())
      continue;
    if (F.Points == SpecialField::Unheld)
      return Bad("one that holds no reference");
    C.Exchanged = F;
    return true;
  }
  return Bad("another place");
}

/// The pointer that bpf_kptr_xchg() puts there.
bool Verifier::kptrSource(Call &C, unsigned N) {
  const Reg &R = reg(N);
  if (R.isZero())
    return true;
  if (R.mayBeNull())
    return failAbout(DiagCode::NullPointer, R,
                     nameOf(R, N) + " may be null here", nullTest(R));
  if (!R.Ref)
    return failAbout(DiagCode::Unreleased, R,
                     "what `" + C.Name +
                         "` puts into the map must be held, "
                         "this is " +
                         kindName(R) + " that is not",
                     "acquire it first");
  if (!fitsKptr(R, *C.Exchanged))
    return false;
  C.ReleasedRef = R.Ref;
  return true;
}

/// What was there before.
Reg Verifier::kptrResult(const SpecialField &F) {
  Reg R = loadKptr(F);
  R.Flags &= uint16_t(MayBeNull | PerCpu);
  R.Id = R.Ref = acquire("an object out of a map");
  return R;
}

} // namespace bpfcc::verify
