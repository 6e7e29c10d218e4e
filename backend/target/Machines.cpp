#include "backend/target/Machines.h"

#include "llvm/ADT/StringSwitch.h"

namespace bpfcc::target {

bool takesMisaligned(llvm::StringRef Name) {
  return llvm::StringSwitch<bool>(Name)
#define MACHINE(Name, Misaligned) .Case(#Name, Misaligned)
#include "backend/target/machines.def"
      .Default(false);
}

namespace {
struct Row {
  llvm::StringRef Text;
  Machine Meant;
};
} // namespace

static constexpr Row Rows[] = {
#define MACHINE_NAME(Text, Name, Big) {Text, {#Name, Big}},
#include "backend/target/machine_names.def"
};

const Machine *findMachine(llvm::StringRef Text) {
  std::string Wanted = Text.split('-').first.lower();
  for (const Row &R : Rows)
    if (R.Text == Wanted)
      return &R.Meant;
  return nullptr;
}

std::string machineNames() {
  std::string Names;
  llvm::StringRef Last;
  for (const Row &R : Rows) {
    if (R.Meant.Name != Last)
      Names += (Names.empty() ? "" : ", ") + R.Text.str();
    Last = R.Meant.Name;
  }
  return Names;
}

} // namespace bpfcc::target
