#include "backend/btf/SpecialFields.h"

#include "backend/btf/BtfFile.h"

using namespace llvm;

namespace bpfcc {

namespace {

struct Finder {
  const BtfFile &Btf;
  std::vector<SpecialField> Found;

  void visit(uint32_t Type, uint64_t At, unsigned Depth) {
    constexpr unsigned MaxDepth = 8, MaxFields = 64;
    if (Depth > MaxDepth || Found.size() >= MaxFields)
      return;
    uint32_t Id = Btf.strip(Type);
    const BtfFile::Type &T = Btf.type(Id);
    if (T.K == btf::KindStruct) {
      static constexpr struct {
        StringLiteral Name;
        SpecialField::Kind What;
      } Names[] = {
          {"bpf_spin_lock", SpecialField::SpinLock},
          {"bpf_timer", SpecialField::Timer},
          {"bpf_wq", SpecialField::Workqueue},
          {"bpf_list_head", SpecialField::ListHead},
          {"bpf_list_node", SpecialField::ListNode},
          {"bpf_rb_root", SpecialField::RbRoot},
          {"bpf_rb_node", SpecialField::RbNode},
          {"bpf_refcount", SpecialField::Refcount},
      };
      for (const auto &N : Names)
        if (N.Name == T.Name) {
          Found.push_back({N.What, uint32_t(At), T.Size});
          return;
        }
    }
    switch (T.K) {
    case btf::KindStruct:
      for (const BtfFile::Member &M : T.Members)
        if (!M.Size)
          visit(M.Type, At + M.Offset / 8, Depth + 1);
      return;
    case btf::KindDatasec:
      for (const BtfFile::Member &M : T.Members)
        visit(M.Type, At + M.Offset, Depth + 1);
      return;
    case btf::KindArray: {
      uint64_t Size = Btf.sizeOf(T.Target);
      for (uint32_t N = 0; N != T.Size && N < MaxFields; ++N)
        visit(T.Target, At + N * Size, Depth + 1);
      return;
    }
    case btf::KindPtr: {
      const BtfFile::Type &To = Btf.type(T.Target);
      if (To.K == btf::KindTypeTag &&
          (To.Name == "kptr" || To.Name == "kptr_untrusted" ||
           To.Name == "percpu_kptr"))
        Found.push_back({SpecialField::Kptr, uint32_t(At), 8, To.Target});
      return;
    }
    default:
      return;
    }
  }
};

} // namespace

std::vector<SpecialField> specialFields(const BtfFile &Btf, uint32_t Type) {
  if (!Type)
    return {};
  Finder F{Btf, {}};
  F.visit(Type, 0, 0);
  return std::move(F.Found);
}

} // namespace bpfcc
