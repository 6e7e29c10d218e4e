#ifndef BPFCC_BACKEND_FINISH_CODE_H
#define BPFCC_BACKEND_FINISH_CODE_H

#include "backend/isa/Inst.h"
#include "backend/mir/Mir.h"

#include <array>
#include <string>
#include <vector>

namespace bpfcc {

/// A place in the code of one function whose value is known at link or load.
struct CodeFixup {
  enum Kind : uint8_t {
    Address, ///< LD_IMM64 of Symbol + the instruction's Imm (R_BPF_64_64)
    Call,    ///< CALL_SUBPROG or CALL_KFUNC of Symbol (R_BPF_64_32)
  };
  Kind K;
  uint32_t Inst; ///< index into CodeFunction::Insts
  std::string Symbol;
};

/// One slot of assembly text that no instruction stands for; Insts has a
/// placeholder there.
struct CodeRaw {
  uint32_t Inst;
  std::array<uint8_t, 8> Bytes; ///< as they lie in the object
};

/// From instruction Inst on, code belongs to this line.
struct CodeLine {
  uint32_t Inst;
  std::string File;
  uint32_t Line = 0;
  uint32_t Column = 0;
};

struct CodeCoreRelo {
  uint32_t Inst;
  mir::CoreRelo Relo;
};

/// The finished code of one function: what finish gives and object takes.
/// Jumps inside are resolved (Off or Imm, in slots).
struct CodeFunction {
  std::string Name;
  std::string Section;
  bool Global = false;
  bool Weak = false;
  bool Hidden = false;
  std::vector<isa::Inst> Insts;
  std::vector<CodeFixup> Fixups;
  std::vector<CodeRaw> Raws; ///< by rising Inst
  std::vector<CodeLine> Lines;
  std::vector<CodeCoreRelo> CoreRelos;
  uint32_t StackSize = 0; ///< bytes below r10
};

} // namespace bpfcc

#endif
