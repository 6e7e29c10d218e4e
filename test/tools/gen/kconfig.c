// Variables of .kconfig lie where libbpf places them: those of the largest
// alignment first, of these the smallest, then by name.
// RUN: bpfcc -c %s -o %t.o && bpfcc gen skeleton %t.o name x | FileCheck %s
// CHECK: struct x__kconfig {
// CHECK-NEXT: unsigned long CONFIG_L;
// CHECK-NEXT: int CONFIG_H;
// CHECK-NEXT: int CONFIG_I;
// CHECK-NEXT: _Bool CONFIG_Z;
// CHECK-NEXT: char CONFIG_B[2];
// CHECK-NEXT: char CONFIG_TEXT[16];
// CHECK-NEXT: } *kconfig;

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
extern char CONFIG_TEXT[16] __kconfig __weak;
extern char CONFIG_B[2] __kconfig __weak;
extern _Bool CONFIG_Z __kconfig __weak;
extern int CONFIG_I __kconfig __weak;
extern unsigned long CONFIG_L __kconfig __weak;
extern int CONFIG_H __kconfig __weak;
SEC("xdp") int prog(void *ctx) {
  return CONFIG_TEXT[1] + CONFIG_B[0] + CONFIG_Z + CONFIG_I + CONFIG_L + CONFIG_H;
}
