// Objects that the program makes (bpf_obj_new), and the lists and trees that it
// keeps them in.
//
// Who made an object owns it and must drop it, put it into a map or into a list
// or tree. What is in one belongs to that, and can still be used until its lock
// is released. A list and its lock lie in one map value or object; all that is
// done with it needs the lock.

#include "runtime/verify/Verifier.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;

bool isObjectFunction(StringRef Name) {
  return is_contained({"bpf_obj_new_impl", "bpf_obj_drop_impl",
                       "bpf_percpu_obj_new_impl", "bpf_percpu_obj_drop_impl",
                       "bpf_refcount_acquire_impl", "bpf_list_push_front_impl",
                       "bpf_list_push_back_impl", "bpf_list_pop_front",
                       "bpf_list_pop_back", "bpf_list_front", "bpf_list_back",
                       "bpf_rbtree_add_impl", "bpf_rbtree_remove",
                       "bpf_rbtree_first", "bpf_rbtree_root", "bpf_rbtree_left",
                       "bpf_rbtree_right"},
                      Name);
}

static bool worksUnderLock(StringRef Name) {
  return Name.starts_with("bpf_list_") || Name.starts_with("bpf_rbtree_") ||
         Name == "bpf_refcount_acquire_impl";
}

/// Whether the program is in the function that compares nodes for a tree.
bool Verifier::inTreeCallback() const {
  return any_of(Cur.Frames, [](const auto &F) {
    return F->Callback == CallbackKind::Tree;
  });
}

/// bpf_obj_new() and bpf_percpu_obj_new().
bool Verifier::newObject(Call &C, bool OfEachCpu) {
  if (!read(isa::R1))
    return false;
  const Reg &TypeReg = reg(isa::R1);
  uint32_t Type = uint32_t(TypeReg.Value.Bits.Value);
  if (!TypeReg.isConstant() || Type >= Btf.Types.size() ||
      Btf.type(Type).K != btf::KindStruct)
    return failAbout(DiagCode::HelperArgument, TypeReg,
                     "`" + C.Name +
                         "` wants the type of a struct of the "
                         "program",
                     "call it by bpf_obj_new(typeof(*p))");
  precise(TypeReg);
  constexpr uint64_t MaxPerCpuSize = 512;
  if (OfEachCpu && (!fieldsOf(Type).empty() || !isPlain(Btf, Type) ||
                    Btf.type(Type).Size > MaxPerCpuSize))
    return fail(DiagCode::HelperArgument,
                "objects of each processor hold numbers alone, at most " +
                    Twine(MaxPerCpuSize) + " bytes");
  Reg R;
  R.K = Kind::Object;
  R.Index = Type;
  R.Flags = uint16_t(MayBeNull | (OfEachCpu ? PerCpu : 0));
  R.Value = Scalar::constant(0);
  R.Id = R.Ref = acquire("an object");
  clearCallerSaved();
  define(isa::R0, R);
  return true;
}

/// An object of the program in register \p N.
bool Verifier::objectIn(Call &C, unsigned N, bool Owned) {
  if (!read(N))
    return false;
  const Reg &R = reg(N);
  if (R.mayBeNull() || R.isZero())
    return failAbout(DiagCode::NullPointer, R,
                     nameOf(R, N) + " may be null here", nullTest(R));
  if (!R.is(Kind::Object) || !R.Value.isConstant())
    return failAbout(DiagCode::HelperArgument, R,
                     "`" + C.Name +
                         "` wants an object of bpf_obj_new(), this "
                         "is " +
                         kindName(R));
  if (Owned && !R.Ref)
    return failAbout(DiagCode::Unreleased, R,
                     "`" + C.Name + "` wants an object that is owned here");
  return true;
}

bool Verifier::dropObject(Call &C, bool OfEachCpu) {
  if (!objectIn(C, isa::R1, true))
    return false;
  const Reg R = reg(isa::R1);
  if (R.Off || bool(R.Flags & PerCpu) != OfEachCpu)
    return failAbout(DiagCode::HelperArgument, R,
                     "`" + C.Name + "` wants the object itself");
  if (!releaseReference(R.Ref))
    return false;
  clearCallerSaved();
  return true;
}

/// bpf_refcount_acquire(): one owner more.
bool Verifier::shareObject(Call &C) {
  if (!objectIn(C, isa::R1, false))
    return false;
  const Reg Old = reg(isa::R1);
  bool Counts = any_of(fieldsOf(Old.Index), [](const SpecialField &F) {
    return F.What == SpecialField::Refcount;
  });
  if (!Counts)
    return failAbout(DiagCode::HelperArgument, Old,
                     typeName(Old) + " has no bpf_refcount");
  if (!isTrusted(Old) && !(Old.Flags & Rcu))
    return failAbout(DiagCode::HelperArgument, Old,
                     "this object may be gone already");
  Reg R;
  R.K = Kind::Object;
  R.Index = Old.Index;
  R.Value = Scalar::constant(0);
  R.Id = R.Ref = acquire("an object");
  // Whoever does not own it may come too late.
  if (!Old.Ref)
    R.Flags = MayBeNull;
  clearCallerSaved();
  define(isa::R0, R);
  return true;
}

/// The list or tree that R1 leads to, whose lock must be held.
const SpecialField *Verifier::containerArgument(Call &C,
                                                SpecialField::Kind What) {
  const char *Name =
      What == SpecialField::ListHead ? "a bpf_list_head" : "a bpf_rb_root";
  if (!read(isa::R1))
    return nullptr;
  const Reg &R = reg(isa::R1);
  auto Bad = [&](const Twine &Message) {
    (void)failAbout(DiagCode::HelperArgument, R,
                    "`" + C.Name + "` wants " + Name + ", this is " + Message);
    return nullptr;
  };
  if (R.mayBeNull())
    return Bad("a pointer that may be null");
  bool InMap = R.is(Kind::MapValue);
  if (!InMap && !R.is(Kind::Object))
    return Bad(kindName(R));
  if (!R.Value.isConstant())
    return Bad("a place that is not constant");
  const auto &Fields = InMap ? P.Maps[R.Index].Special : fieldsOf(R.Index);
  for (const SpecialField &F : Fields) {
    if (F.What != What || int64_t(F.Offset) != R.minOff())
      continue;
    if (!Cur.LockIndex || Cur.LockIndex != lockIndex(R) || Cur.LockId != R.Id) {
      (void)failAbout(DiagCode::LockMisuse, R,
                      "`" + C.Name + "` is called, and the lock beside the " +
                          StringRef(Name).substr(2) + " is not held",
                      "bpf_spin_lock() before, bpf_spin_unlock() after");
      return nullptr;
    }
    return &F;
  }
  return Bad("another place");
}

/// The node in register \p N, of an object that \p Container can hold.
bool Verifier::nodeArgument(Call &C, unsigned N, const SpecialField &Container,
                            bool Owned) {
  if (!objectIn(C, N, Owned))
    return false;
  const Reg &R = reg(N);
  if (!Owned && (R.Ref || !(R.Flags & NonOwn)))
    return failAbout(DiagCode::HelperArgument, R,
                     "`" + C.Name + "` wants a node that the tree owns");
  if (R.Index != Container.Type || R.minOff() != int64_t(Container.Node))
    return failAbout(DiagCode::HelperArgument, R,
                     "this holds nodes of `struct " +
                         Btf.type(Container.Type).Name +
                         "`, and not what is given here",
                     "see the `__contains` of the list or tree");
  return true;
}

/// What was owned here is owned by a list or tree from now on.
void Verifier::giveAway(uint32_t Ref) {
  llvm::erase_if(Cur.Refs, [&](const Reference &X) { return X.Id == Ref; });
  forEachReg(Cur, [&](Reg &R) {
    if (R.Ref != Ref)
      return;
    R.Ref = 0;
    R.Flags |= NonOwn;
  });
}

/// What lists and trees own cannot be used any more.
void Verifier::forgetNonOwned() {
  forEachReg(Cur, [&](Reg &X) {
    if (!(X.Flags & NonOwn))
      return;
    X = unknownScalar();
    X.Node = Graph.define(Pc);
  });
}

/// A node that \p Container holds or held.
Reg Verifier::nodeOf(const SpecialField &Container, bool Owned) {
  Reg R;
  R.K = Kind::Object;
  R.Index = Container.Type;
  R.Off = int32_t(Container.Node);
  R.Value = Scalar::constant(0);
  if (Owned) {
    R.Id = R.Ref = acquire("an object");
  } else {
    R.Flags = NonOwn;
    R.Id = newId();
  }
  return R;
}

bool Verifier::listCall(Call &C) {
  StringRef Name = C.Name;
  const SpecialField *Found = containerArgument(C, SpecialField::ListHead);
  if (!Found)
    return false;
  const SpecialField List = *Found;
  if (inTreeCallback())
    return fail(DiagCode::LockMisuse,
                "lists are not changed while a tree compares its nodes");
  if (Name.starts_with("bpf_list_push_")) {
    if (!nodeArgument(C, isa::R2, List, true))
      return false;
    giveAway(reg(isa::R2).Ref);
    clearCallerSaved();
    defineUnknown(isa::R0);
    return true;
  }
  Reg R = nodeOf(List, Name.starts_with("bpf_list_pop_"));
  R.Flags |= MayBeNull;
  clearCallerSaved();
  define(isa::R0, R);
  return true;
}

bool Verifier::treeCall(Call &C) {
  StringRef Name = C.Name;
  const SpecialField *Found = containerArgument(C, SpecialField::RbRoot);
  if (!Found)
    return false;
  const SpecialField Tree = *Found;
  if (Name == "bpf_rbtree_add_impl") {
    if (inTreeCallback())
      return fail(DiagCode::LockMisuse,
                  "a tree is not changed while it compares its nodes");
    if (!nodeArgument(C, isa::R2, Tree, true) || !read(isa::R3))
      return false;
    if (!reg(isa::R3).is(Kind::Func))
      return failAbout(DiagCode::HelperArgument, reg(isa::R3),
                       "`" + C.Name + "` wants a function that compares");
    C.Callback = reg(isa::R3).Index;
    uint32_t Ref = reg(isa::R2).Ref;
    C.Container = Tree;
    if (!callback(C, CallbackKind::Tree))
      return false;
    giveAway(Ref);
    clearCallerSaved();
    defineUnknown(isa::R0);
    return true;
  }
  bool Removes = Name == "bpf_rbtree_remove";
  bool TakesNode =
      Removes || Name == "bpf_rbtree_left" || Name == "bpf_rbtree_right";
  if (Removes && inTreeCallback())
    return fail(DiagCode::LockMisuse,
                "a tree is not changed while it compares its nodes");
  if (TakesNode && !nodeArgument(C, isa::R2, Tree, false))
    return false;
  if (Removes && before(6, 4))
    forgetNonOwned();
  Reg R = nodeOf(Tree, Removes);
  R.Flags |= MayBeNull;
  clearCallerSaved();
  define(isa::R0, R);
  return true;
}

bool Verifier::objectCall(Call &C) {
  StringRef Name = C.Name;
  if (Cur.LockIndex && !worksUnderLock(Name))
    return fail(DiagCode::LockMisuse,
                "`" + C.Name + "` is called while a spin lock is held",
                "unlock first");
  if (Name == "bpf_obj_new_impl")
    return newObject(C, false);
  if (Name == "bpf_percpu_obj_new_impl")
    return newObject(C, true);
  if (Name == "bpf_obj_drop_impl")
    return dropObject(C, false);
  if (Name == "bpf_percpu_obj_drop_impl")
    return dropObject(C, true);
  if (Name == "bpf_refcount_acquire_impl")
    return shareObject(C);
  return Name.starts_with("bpf_list_") ? listCall(C) : treeCall(C);
}

} // namespace bpfcc::verify
