#include "backend/target/ProgTypes.h"

using namespace llvm;

namespace bpfcc::target {

static constexpr ProgTypeInfo Types[] = {
#define PROG_TYPE(Name, Number, KernelName, Major, Minor, Context)             \
  {ProgType::Name, #KernelName, {Major, Minor}, CtxLayout::Context},
#include "backend/target/prog_types.def"
};

constexpr bool Exact = false;
constexpr bool Optional = true;

static constexpr SectionInfo Sections[] = {
#define SECTION(Name, Match, Type, AttachType, Sleepable)                      \
  {Name, Match, ProgType::Type, AttachType, Sleepable},
#include "backend/target/sections.def"
};

const ProgTypeInfo *progTypeInfo(unsigned Number) {
  return Number - 1 < std::size(Types) ? &Types[Number - 1] : nullptr;
}

const SectionInfo *sectionInfo(StringRef Section) {
  Section.consume_front("?");
  for (const SectionInfo &S : Sections) {
    StringRef Rest = Section;
    if (Rest.consume_front(S.Name) &&
        (Rest.empty() || (S.TakesTarget && Rest.front() == '/')))
      return &S;
  }
  return nullptr;
}

const SectionInfo *sectionByPrefix(StringRef Section) {
  Section.consume_front("?");
  const SectionInfo *Best = nullptr;
  for (const SectionInfo &S : Sections)
    if (Section.starts_with(S.Name) &&
        (!Best || StringRef(S.Name).size() > StringRef(Best->Name).size()))
      Best = &S;
  return Best;
}

ProgType progTypeForSection(StringRef Section) {
  const SectionInfo *S = sectionInfo(Section);
  if (!S)
    S = sectionByPrefix(Section);
  return S ? S->Type : ProgType::Unspec;
}

} // namespace bpfcc::target
