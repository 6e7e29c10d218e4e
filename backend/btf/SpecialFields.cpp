#include "backend/btf/SpecialFields.h"

#include "backend/btf/BtfFile.h"

using namespace llvm;

namespace bpfcc {

namespace {

struct Finder {
  const BtfFile &Btf;
  std::vector<SpecialField> Found;

  /// What the list or tree at member \p Component of \p Owner holds, by its
  /// tag `contains:TYPE:NODE`.
  void findContents(SpecialField &F, uint32_t Owner, int32_t Component) const {
    for (const BtfFile::Type &Tag : Btf.Types) {
      StringRef Text = Tag.Name;
      if (Tag.K != btf::KindDeclTag || Tag.Target != Owner ||
          Tag.Component != Component || !Text.consume_front("contains:"))
        continue;
      auto [Struct, Node] = Text.split(':');
      for (uint32_t Id = 1; Id != Btf.Types.size(); ++Id) {
        const BtfFile::Type &T = Btf.Types[Id];
        if (T.K != btf::KindStruct || T.Name != Struct)
          continue;
        for (const BtfFile::Member &M : T.Members)
          if (M.Name == Node) {
            F.Type = Id;
            F.Node = uint32_t(M.Offset / 8);
          }
      }
    }
  }

  /// \p Owner and \p Component: the variable or member that this is.
  void visit(uint32_t Type, uint64_t At, unsigned Depth, uint32_t Owner,
             int32_t Component) {
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
          if (N.What == SpecialField::ListHead ||
              N.What == SpecialField::RbRoot)
            findContents(Found.back(), Owner, Component);
          return;
        }
    }
    switch (T.K) {
    case btf::KindStruct:
      for (size_t N = 0; N != T.Members.size(); ++N)
        if (const BtfFile::Member &M = T.Members[N]; !M.Size)
          visit(M.Type, At + M.Offset / 8, Depth + 1, Id, int32_t(N));
      return;
    case btf::KindDatasec:
      for (const BtfFile::Member &M : T.Members)
        visit(M.Type, At + M.Offset, Depth + 1, M.Type, -1);
      return;
    case btf::KindArray: {
      uint64_t Size = Btf.sizeOf(T.Target);
      for (uint32_t N = 0; N != T.Size && N < MaxFields; ++N)
        visit(T.Target, At + N * Size, Depth + 1, Owner, Component);
      return;
    }
    case btf::KindPtr: {
      const BtfFile::Type &To = Btf.type(T.Target);
      if (To.K != btf::KindTypeTag)
        return;
      static constexpr struct {
        StringLiteral Tag;
        SpecialField::Pointer Points;
      } Tags[] = {{"kptr", SpecialField::Held},
                  {"kptr_untrusted", SpecialField::Unheld},
                  {"percpu_kptr", SpecialField::PerCpu}};
      for (const auto &K : Tags)
        if (K.Tag == To.Name)
          Found.push_back({SpecialField::Kptr, uint32_t(At), 8,
                           Btf.strip(To.Target), 0, K.Points});
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
  F.visit(Type, 0, 0, Type, -1);
  return std::move(F.Found);
}

} // namespace bpfcc
