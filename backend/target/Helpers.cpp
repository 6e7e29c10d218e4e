#include "backend/target/Helpers.h"

#include "backend/target/ProgSets.h"

using namespace llvm;

namespace bpfcc::target {

template <typename... Kinds>
static constexpr std::array<ArgKind, 5> args(Kinds... K) {
  return {K...};
}

static constexpr std::array Table = [] {
  using enum ArgKind;
  struct Row {
    unsigned Id;
    const char *Name;
    KernelVersion Since;
    RetKind Result;
    uint8_t Effects;
    std::array<ArgKind, 5> Args;
  };
  return std::array{
#define HELPER(Id, Name, Major, Minor, Result, Effects, ProgSet, ...)          \
  Row{Id,      "bpf_" #Name,     {Major, Minor}, RetKind::Result,              \
      Effects, args(__VA_ARGS__)},
#include "backend/target/helpers.def"
  };
}();

static constexpr std::array ProgSets = [] {
  using namespace sets;
  return std::array{
#define HELPER(Id, Name, Major, Minor, Result, Effects, ProgSet, ...)          \
  uint64_t(ProgSet),
#include "backend/target/helpers.def"
  };
}();

static constexpr std::array Helpers = [] {
  std::array<HelperInfo, Table.size()> All{};
  for (size_t I = 0; I != All.size(); ++I)
    All[I] = {Table[I].Id,      Table[I].Name, Table[I].Since, Table[I].Result,
              Table[I].Effects, ProgSets[I],   Table[I].Args};
  return All;
}();

static constexpr std::array Kfuncs = [] {
  using enum ArgKind;
  std::array All{
#define KFUNC(Name, Major, Minor, Result, ...)                                 \
  HelperInfo{0,         "bpf_" #Name, {Major, Minor},   RetKind::Result,       \
             NoEffects, ~0ull,        args(__VA_ARGS__)},
#include "backend/target/kfuncs.def"
  };
  for (unsigned I = 0; I != All.size(); ++I)
    All[I].Id = FirstKfunc + I;
  return All;
}();

const HelperInfo *helperById(unsigned Id) {
  if (Id >= FirstKfunc)
    return Id - FirstKfunc < Kfuncs.size() ? &Kfuncs[Id - FirstKfunc] : nullptr;
  return Id - 1 < Helpers.size() ? &Helpers[Id - 1] : nullptr;
}

const HelperInfo *helperByName(StringRef Name) {
  for (const HelperInfo &H : Helpers)
    if (Name == H.Name)
      return &H;
  return nullptr;
}

const HelperInfo *kfuncByName(StringRef Name) {
  Name = Name.take_front(Name.find("___"));
  for (const HelperInfo &K : Kfuncs)
    if (Name == K.Name)
      return &K;
  return nullptr;
}

} // namespace bpfcc::target
