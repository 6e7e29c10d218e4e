# One run says more than a test program.
execute_process(COMMAND ${CMAKE_BPF_COMPILER} --version OUTPUT_VARIABLE BPFCC_SAYS
                ERROR_VARIABLE BPFCC_SAYS RESULT_VARIABLE BPFCC_RESULT)
if(NOT BPFCC_RESULT EQUAL 0 OR NOT BPFCC_SAYS MATCHES "^bpfcc ")
  message(FATAL_ERROR "${CMAKE_BPF_COMPILER} is not bpfcc: ${BPFCC_SAYS}")
endif()
