// Programs for the verifier, the interpreter and the kernel alike: an XDP
// program with a map value, the packet, a stack and numbers of which little or
// much is known, and accesses that are checked before, or not.
#ifndef BPFCC_TEST_RUNTIME_VERIFY_GENERATE_H
#define BPFCC_TEST_RUNTIME_VERIFY_GENERATE_H

#include "../interp/Build.h"

#include <random>

namespace bpfcc::test {

constexpr uint32_t ValueSize = 48, PacketChecked = 20;

class Generator {
public:
  explicit Generator(uint64_t Seed) : Random(Seed) {}

  /// LD_MAP_FD's Imm is map number 0.
  std::vector<isa::Inst> program() {
    using enum isa::Op;
    add(MOV_RR, 6, 1);
    add(LDXW, 7, 6, 0);
    add(LDXW, 8, 6, 4);
    add(STW, 10, 0, -4, 0);
    add(LD_MAP_FD, 1);
    add(MOV_RR, 2, 10);
    add(ADD_RI, 2, 0, 0, -4);
    add(CALL_HELPER, 0, 0, 0, 1);
    if (!oneIn(20))
      leaveIf(JNE_RI, 0, 0, 0);
    add(MOV_RR, 9, 0);
    add(MOV_RR, 1, 7);
    add(ADD_RI, 1, 0, 0, PacketChecked);
    if (!oneIn(20))
      leaveIf(JLE_RR, 1, 8, 0);
    for (uint8_t R = 0; R != 6; ++R)
      number(R);
    unsigned Count = 4 + below(16);
    while (Count--)
      item();
    for (size_t At : Loose)
      Code[At].Off = int16_t(Code.size() - At - 1);
    add(MOV_RI, 0, 0, 0, 0);
    add(EXIT);
    return Code;
  }

private:
  unsigned below(unsigned N) { return unsigned(Random() % N); }
  bool oneIn(unsigned N) { return below(N) == 0; }
  uint8_t scalarReg() { return uint8_t(below(6)); }

  void add(isa::Op O, uint8_t Dst = 0, uint8_t Src = 0, int Off = 0,
           int64_t Imm = 0) {
    Code.push_back({O, Dst, Src, int16_t(Off), Imm});
  }
  /// Leaves the program unless the condition holds.
  void leaveIf(isa::Op Holds, uint8_t Dst, uint8_t Src, int64_t Imm) {
    add(Holds, Dst, Src, 2, Imm);
    add(isa::Op::MOV_RI, 0, 0, 0, 0);
    add(isa::Op::EXIT);
  }
  int64_t constant() {
    static constexpr int64_t Edges[] = {0,  1,  2,  3,  4,   7,   8,
                                        15, 16, 31, 32, 40,  47,  48,
                                        63, 64, -1, -8, 255, 256, 1000};
    return oneIn(4) ? int32_t(Random()) : Edges[below(std::size(Edges))];
  }
  void number(uint8_t R) {
    using enum isa::Op;
    switch (below(3)) {
    case 0:
      return add(MOV_RI, R, 0, 0, constant());
    case 1:
      return add(LDXW, R, 9, int(4 * below(ValueSize / 4)));
    default:
      return add(LDXB, R, 7, int(below(PacketChecked)));
    }
  }
  void arithmetic() {
    using enum isa::Op;
    static constexpr isa::Op Imm[] = {ADD_RI,   SUB_RI,   AND_RI,   OR_RI,
                                      XOR_RI,   MUL_RI,   LSH_RI,   RSH_RI,
                                      ARSH_RI,  ADD32_RI, SUB32_RI, AND32_RI,
                                      LSH32_RI, RSH32_RI, MOV_RI,   MOV32_RI};
    static constexpr isa::Op Reg[] = {
        ADD_RR,   SUB_RR, AND_RR, OR_RR,  XOR_RR, MUL_RR, ADD32_RR, SUB32_RR,
        MOV32_RR, MOV_RR, DIV_RR, MOD_RR, LSH_RR, RSH_RR, AND32_RR};
    if (oneIn(3))
      return add(Reg[below(std::size(Reg))], scalarReg(), scalarReg());
    isa::Op O = Imm[below(std::size(Imm))];
    bool Shift = O == LSH_RI || O == RSH_RI || O == ARSH_RI;
    bool Shift32 = O == LSH32_RI || O == RSH32_RI;
    add(O, scalarReg(), 0, 0,
        Shift     ? below(64)
        : Shift32 ? below(32)
                  : constant());
  }
  void branch() {
    using enum isa::Op;
    static constexpr isa::Op Imm[] = {
        JEQ_RI,   JNE_RI,   JGT_RI,   JGE_RI,    JLT_RI,   JLE_RI,
        JSGT_RI,  JSGE_RI,  JSLT_RI,  JSLE_RI,   JSET_RI,  JEQ32_RI,
        JGT32_RI, JLT32_RI, JNE32_RI, JSGT32_RI, JSLT32_RI};
    static constexpr isa::Op Reg[] = {JEQ_RR,   JNE_RR,   JGT_RR,  JGE_RR,
                                      JLT_RR,   JLE_RR,   JSGT_RR, JSLT_RR,
                                      JLT32_RR, JGT32_RR, JEQ32_RR};
    uint8_t A = scalarReg();
    size_t At = Code.size();
    if (oneIn(3))
      add(Reg[below(std::size(Reg))], A, scalarReg());
    else
      add(Imm[below(std::size(Imm))], A, 0, 0, constant());
    if (oneIn(3)) {
      Loose.push_back(At); // to the end
      return;
    }
    unsigned Count = 1 + below(3);
    while (Count--)
      item(true);
    Code[At].Off = int16_t(Code.size() - At - 1);
  }
  void stack() {
    using enum isa::Op;
    static constexpr isa::Op Loads[] = {LDXB, LDXH, LDXW, LDXDW};
    static constexpr isa::Op Stores[] = {STXB, STXH, STXW, STXDW};
    static constexpr isa::Op Constants[] = {STB, STH, STW, STDW};
    unsigned Width = below(4);
    int Off = -8 * int(1 + below(8));
    if (oneIn(4))
      Off += int(below(2) << Width) & 7;
    if (oneIn(40))
      Off = -int(below(530));
    switch (below(3)) {
    case 0:
      return add(Loads[Width], scalarReg(), 10, Off);
    case 1:
      return add(Stores[Width], 10, scalarReg(), Off);
    default:
      return add(Constants[Width], 10, 0, Off, constant());
    }
  }
  /// Through a pointer to which a number was added.
  void memory() {
    using enum isa::Op;
    uint8_t Ptr = scalarReg(), Num = scalarReg();
    if (Num == Ptr)
      Num = uint8_t((Num + 1) % 6);
    bool Packet = oneIn(2);
    if (!oneIn(4)) {
      if (oneIn(2))
        add(AND_RI, Num, 0, 0, oneIn(2) ? 31 : 15);
      else {
        Loose.push_back(Code.size());
        add(oneIn(4) ? JSGT_RI : JGT_RI, Num, 0, 0, int64_t(below(ValueSize)));
      }
    }
    add(MOV_RR, Ptr, Packet ? 7 : 9);
    add(oneIn(8) ? SUB_RR : ADD_RR, Ptr, Num);
    int Off = int(below(oneIn(4) ? 48 : 8));
    if (Packet && !oneIn(4)) {
      uint8_t End = uint8_t((Ptr + 2) % 6);
      if (End == Num)
        End = uint8_t((End + 1) % 6);
      add(MOV_RR, End, Ptr);
      add(ADD_RI, End, 0, 0, Off + int(below(12)));
      Loose.push_back(Code.size());
      add(JGT_RR, End, 8);
    }
    if (oneIn(2))
      add(oneIn(2) ? LDXB : LDXDW, Num, Ptr, Off);
    else
      add(oneIn(2) ? STB : STW, Ptr, 0, Off, 1);
    number(Ptr);
  }
  /// A counted loop.
  void loop() {
    using enum isa::Op;
    uint8_t Counter = scalarReg();
    add(MOV_RI, Counter, 0, 0, 0);
    size_t Head = Code.size();
    uint8_t Other = uint8_t((Counter + 1 + below(5)) % 6);
    add(ADD_RR, Other, Counter);
    if (oneIn(2))
      add(AND_RI, Other, 0, 0, 31);
    add(ADD_RI, Counter, 0, 0, 1);
    size_t At = Code.size();
    add(JLT_RI, Counter, 0, 0, 1 + int64_t(below(12)));
    Code[At].Off = int16_t(int(Head) - int(At) - 1);
  }
  void item(bool Inner = false) {
    switch (below(Inner ? 6 : 9)) {
    case 0:
    case 1:
    case 2:
      return arithmetic();
    case 3:
      return stack();
    case 4:
    case 5:
      return memory();
    case 6:
    case 7:
      return branch();
    default:
      return loop();
    }
  }

  std::mt19937_64 Random;
  std::vector<isa::Inst> Code;
  std::vector<size_t> Loose;
};

} // namespace bpfcc::test

#endif
