#include "backend/target/SectionNames.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"

namespace bpfcc::target {

using namespace llvm;

constexpr unsigned MaxEdits = 2;

static StringRef nearest(StringRef Word, ArrayRef<StringLiteral> Names) {
  unsigned Best = MaxEdits + 1;
  StringRef Nearest;
  for (StringRef Name : Names) {
    // Two edits make any short word of any other.
    unsigned Edits = Word.edit_distance(Name);
    if (Edits < Best && Edits * 2 < Name.size()) {
      Best = Edits;
      Nearest = Name;
    }
  }
  return Nearest;
}

StringRef nearestSection(StringRef Section) {
  static constexpr StringLiteral Names[] = {
#define SECTION(Name, Match, ProgType, AttachType, Sleepable) Name,
#include "backend/target/sections.def"
  };
  Section = Section.ltrim('?');
  StringRef Kind = Section.take_until([](char C) { return C == '/'; });
  StringRef Found = nearest(Section, Names);
  return Found.empty() ? nearest(Kind, Names) : Found;
}

StringRef nearestDataSection(StringRef Section) {
  static constexpr StringLiteral Names[] = {
      ".maps", "maps",     "license", "version",     ".rodata",         ".data",
      ".bss",  ".kconfig", ".ksyms",  ".struct_ops", ".struct_ops.link"};
  if (is_contained(Names, Section))
    return "";
  for (StringRef Prefix : {".rodata.", ".data.", ".bss."})
    if (Section.starts_with(Prefix))
      return "";
  return nearest(Section, Names);
}

} // namespace bpfcc::target
