#include "backend/btf/KernelTypes.h"

using namespace llvm;

namespace bpfcc {

KernelTypes::KernelTypes(BtfFile Read) : File(std::move(Read)) {
  for (uint32_t Id = 1; Id != File.Types.size(); ++Id) {
    const BtfFile::Type &T = File.Types[Id];
    if (T.K == btf::KindDeclTag) {
      if (T.Component == -1)
        Tags.push_back({T.Target, Id});
    } else if (!T.Name.empty()) {
      ByName[essentialName(T.Name)].push_back(Id);
    }
  }
  llvm::sort(Tags);
}

ArrayRef<uint32_t> KernelTypes::named(StringRef Name) const {
  auto It = ByName.find(Name);
  return It == ByName.end() ? ArrayRef<uint32_t>() : It->second;
}

uint32_t KernelTypes::find(btf::Kind K, StringRef Name) const {
  for (uint32_t Id : named(essentialName(Name)))
    if (File.Types[Id].K == K && File.Types[Id].Name == Name)
      return Id;
  return 0;
}

uint32_t KernelTypes::record(StringRef Name) const {
  uint32_t Id = find(btf::KindStruct, Name);
  return Id ? Id : find(btf::KindUnion, Name);
}

bool KernelTypes::isTagged(uint32_t Func, StringRef Tag) const {
  for (auto It = lower_bound(Tags, std::pair(Func, 0u));
       It != Tags.end() && It->first == Func; ++It)
    if (File.Types[It->second].Name == Tag)
      return true;
  return false;
}

bool KernelTypes::usesTag(StringRef Tag) const {
  return any_of(Tags, [&](auto T) { return File.Types[T.second].Name == Tag; });
}

bool KernelTypes::isPerCpu(uint32_t Var) const {
  const BtfFile::Type *Section = File.dataSection(".data..percpu");
  return Section && any_of(Section->Members, [&](const BtfFile::Member &M) {
           return M.Type == Var;
         });
}

} // namespace bpfcc
