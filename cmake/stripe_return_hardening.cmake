# What makes an error in memory harder to exploit, as far as compiler and processor have it. It is in
# optimized builds of this project: an application that embeds the library chooses its own.
include(CheckCXXCompilerFlag)
include(CheckCXXSourceCompiles)
include(CheckPIESupported)

set(stripe_return_hardening)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux"
   AND CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang"
   AND NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
  check_cxx_compiler_flag(-fstack-protector-strong STRIPE_RETURN_HAS_STACK_PROTECTOR)
  check_cxx_compiler_flag(-fstack-clash-protection STRIPE_RETURN_HAS_STACK_CLASH_PROTECTION)
  check_cxx_compiler_flag(-fcf-protection STRIPE_RETURN_HAS_CF_PROTECTION)
  if(STRIPE_RETURN_HAS_STACK_PROTECTOR)
    list(APPEND stripe_return_hardening -fstack-protector-strong)
  endif()
  if(STRIPE_RETURN_HAS_STACK_CLASH_PROTECTION)
    list(APPEND stripe_return_hardening -fstack-clash-protection)
  endif()
  if(STRIPE_RETURN_HAS_CF_PROTECTION)
    list(APPEND stripe_return_hardening -fcf-protection)
  endif()
  # Whoever set it, by a flag or in the compiler, knows which level they want.
  set(CMAKE_REQUIRED_FLAGS -O1)
  check_cxx_source_compiles("#ifdef _FORTIFY_SOURCE\n#error\n#endif\nint main() {}"
                            STRIPE_RETURN_FORTIFY_SOURCE_IS_FREE)
  unset(CMAKE_REQUIRED_FLAGS)
  if(STRIPE_RETURN_FORTIFY_SOURCE_IS_FREE)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
      list(APPEND stripe_return_hardening -D_FORTIFY_SOURCE=2)
    else()
      list(APPEND stripe_return_hardening -D_FORTIFY_SOURCE=3)
    endif()
  endif()
  check_pie_supported(LANGUAGES CXX)
endif()
