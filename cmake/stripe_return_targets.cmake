# How every target of this project is made.

# Install directories are cache entries: a project that does not install this library keeps its own.
set(stripe_return_include_dir include)
if(STRIPE_RETURN_INSTALL)
  include(GNUInstallDirs)
  set(stripe_return_include_dir ${CMAKE_INSTALL_INCLUDEDIR})
endif()

# Warnings are for those who work on the library: never part of what an application compiles with.
function(stripe_return_set_warnings target)
  if(stripe_return_top_level)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                             -Wnon-virtual-dtor -Wold-style-cast)
  endif()
endfunction()

# What waits for a network or a person, or is of tests alone, gains nothing by more optimization, which
# would be half of the time of compiling it.
function(stripe_return_optimize_little target)
  target_compile_options(${target}
                         PRIVATE $<$<AND:$<CXX_COMPILER_ID:GNU,Clang>,$<CONFIG:Release>>:-O1>)
endfunction()

# What is linked here, a program or a shared library, is read-only once it is loaded.
function(stripe_return_harden target)
  if(stripe_return_hardening)
    target_compile_options(
      ${target}
      PRIVATE "$<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:${stripe_return_hardening}>")
    get_target_property(type ${target} TYPE)
    if(NOT type STREQUAL "STATIC_LIBRARY")
      target_link_options(${target} PRIVATE LINKER:-z,relro LINKER:-z,now)
    endif()
  endif()
endfunction()

# stripe_return_add_program(NAME SOURCES...)
function(stripe_return_add_program name)
  add_executable(${name} ${ARGN})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_compile_definitions(${name} PRIVATE STRIPE_RETURN_VERSION="${PROJECT_VERSION}")
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  stripe_return_set_warnings(${name})
  stripe_return_optimize_little(${name})
  stripe_return_harden(${name})
endfunction()

# stripe_return_add_library(NAME SOURCES...) makes the target stripe_return_NAME and its alias
# stripe_return::NAME.
function(stripe_return_add_library name)
  set(target stripe_return_${name})
  add_library(${target} ${ARGN})
  add_library(stripe_return::${name} ALIAS ${target})
  target_compile_features(${target} PUBLIC cxx_std_17)
  target_include_directories(
    ${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
           $<INSTALL_INTERFACE:${stripe_return_include_dir}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  set_target_properties(
    ${target}
    PROPERTIES EXPORT_NAME ${name}
               CXX_EXTENSIONS OFF
               CXX_VISIBILITY_PRESET hidden
               VISIBILITY_INLINES_HIDDEN ON
               POSITION_INDEPENDENT_CODE ON
               VERSION ${PROJECT_VERSION}
               SOVERSION 0)
  if(UNIX AND NOT APPLE)
    # A shared library finds those that it stands on beside itself, wherever they are moved to.
    set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN")
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "SHARED_LIBRARY")
      set(private_symbols ${PROJECT_SOURCE_DIR}/cmake/private_symbols.map)
      target_link_options(${target} PRIVATE "LINKER:--version-script=${private_symbols}")
      set_target_properties(${target} PROPERTIES LINK_DEPENDS ${private_symbols})
    endif()
  endif()
  stripe_return_set_warnings(${target})
  stripe_return_harden(${target})
endfunction()
