#include "runtime/aot/Targets.h"

#include "support/Diagnostic.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;

namespace bpfcc::aot {

static constexpr Target Rows[] = {
#define NATIVE_TARGET(Name, Triple, Features, Machine, PointerBits, Words)     \
  {Name, Triple, Features, ELF::Machine, PointerBits, Words},
#include "runtime/aot/targets.def"
};

ArrayRef<Target> targets() { return Rows; }

static const Target *find(function_ref<bool(const Target &)> Is) {
  const Target *T = find_if(Rows, Is);
  return T == std::end(Rows) ? nullptr : T;
}

const Target *targetByName(StringRef Name) {
  return find([&](const Target &T) { return Name == T.Name; });
}
const Target *targetByMachine(uint16_t Machine) {
  return find([&](const Target &T) { return Machine == T.Machine; });
}

const Target *hostTarget() {
#if defined(__x86_64__)
  return targetByMachine(ELF::EM_X86_64);
#elif defined(__aarch64__) && defined(__AARCH64EL__)
  return targetByMachine(ELF::EM_AARCH64);
#elif defined(__ARM_EABI__) && defined(__ARMEL__)
  return targetByMachine(ELF::EM_ARM);
#else
  return nullptr;
#endif
}

/// Makes LLVM know the rows' machines; once.
static void initialise() {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
  LLVMInitializeAArch64TargetInfo();
  LLVMInitializeAArch64Target();
  LLVMInitializeAArch64TargetMC();
  LLVMInitializeAArch64AsmPrinter();
  LLVMInitializeARMTargetInfo();
  LLVMInitializeARMTarget();
  LLVMInitializeARMTargetMC();
  LLVMInitializeARMAsmPrinter();
}

Expected<std::unique_ptr<TargetMachine>> createMachine(const Target &T) {
  [[maybe_unused]] static const bool Once = (initialise(), true);
  Triple Machine(T.Triple);
  std::string Why;
  const auto *Known = TargetRegistry::lookupTarget(Machine, Why);
  if (!Known)
    return diagError(DiagCode::Internal, {}, Why);
  StringRef Cpu = T.Machine == ELF::EM_X86_64 ? "x86-64" : "generic";
  return std::unique_ptr<TargetMachine>(
      Known->createTargetMachine(Machine, Cpu, T.Features, TargetOptions(),
                                 Reloc::PIC_, CodeModel::Small));
}

} // namespace bpfcc::aot
