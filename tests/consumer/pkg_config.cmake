# A project without CMake: the compiler, and what pkg-config says of `component` in `prefix`. The
# prefix was moved after it was installed.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/project.cmake)

file(GLOB folder ${prefix}/lib*/pkgconfig ${prefix}/lib/*/pkgconfig)
set(ENV{PKG_CONFIG_PATH} ${folder})
set(module stripe_return_${component})

# build_by_flags(OPTIONS...) of pkg-config.
function(build_by_flags)
  run(${pkg_config} ${ARGN} --cflags --libs "${module} = ${version}")
  separate_arguments(flags UNIX_COMMAND "${output}")
  file(GLOB sources ${here}/${component}_program*.cpp)
  run(${compiler} -std=c++17 ${sources} -o ${work}/program ${flags})
  set(ENV{LD_LIBRARY_PATH} ${folder}/..)
  run(${work}/program)
endfunction()

build_by_flags()
if(component STREQUAL "core")
  build_by_flags(--static) # as a part of a program that is static otherwise too
endif()

run(${pkg_config} --variable=prefix ${module})
string(STRIP "${output}" told)
get_filename_component(told ${told} REALPATH)
get_filename_component(real_prefix ${prefix} REALPATH)
if(NOT told STREQUAL real_prefix)
  message(FATAL_ERROR "${module} says that it is in ${told}, and it is in ${prefix}")
endif()

# Who links the shared library needs nothing of what is inside.
run(${pkg_config} --print-requires ${module})
if(linkage STREQUAL "shared" AND output MATCHES "(^|\n)[^s\n]")
  message(FATAL_ERROR "${module} requires ${output}")
endif()
