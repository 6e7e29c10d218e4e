#ifndef BPFCC_TOOLS_SUPEROPT_WINDOWS_H
#define BPFCC_TOOLS_SUPEROPT_WINDOWS_H

#include "backend/finish/RuleCheck.h"
#include "backend/object/Object.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <vector>

namespace bpfcc::superopt {

/// An instruction over variables; its numbers are indexes into a list.
struct WindowInst {
  static constexpr uint8_t NoNumber = 0xff;

  isa::Op Op{};
  RuleReg Dst = NoRegister, Src = NoRegister;
  uint8_t Imm = NoNumber, Off = NoNumber;

  auto operator<=>(const WindowInst &) const = default;
};

/// Instructions that could be the Before of a rule. Registers and numbers are
/// called by the order in which they appear.
struct Window {
  std::vector<WindowInst> Insts;
  uint8_t Dead = 0; ///< variables that nothing reads later

  auto operator<=>(const Window &) const = default;
};

/// How often a window occurs, and some of the numbers it occurs with.
struct Sighting {
  static constexpr size_t MaxExamples = 6;

  unsigned Count = 0;
  std::vector<std::vector<int64_t>> Examples;
};

using Windows = std::map<Window, Sighting>;

/// Adds the windows of two to four instructions of \p O's code: what
/// applyRules() could take together. Error: BadObject with \p Name.
llvm::Error addWindows(const Object &O, llvm::StringRef Name, Windows &To);

/// The letter of number \p N of a window, and of its register variables.
inline char numberLetter(unsigned N) { return "KMNPQSUV"[N]; }
std::string text(const WindowInst &I, llvm::ArrayRef<std::string> Numbers);

} // namespace bpfcc::superopt

#endif
