# What the scripts share: they make a project, build it, and run its tests.

function(run)
  execute_process(
    COMMAND ${ARGN}
    RESULT_VARIABLE code
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
  if(NOT code EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nended with ${code}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

# Debug without the debugging symbols: nobody looks at them, and they cost a quarter of the time.
set(configuration -G ${generator} -DCMAKE_MAKE_PROGRAM=${make_program}
                  -DCMAKE_CXX_COMPILER=${compiler} -DCMAKE_CXX_FLAGS_DEBUG=-O0)

# configure(SOURCE BINARY OPTIONS...)
function(configure source binary)
  run(${CMAKE_COMMAND} -S ${source} -B ${binary} ${configuration} ${ARGN})
  set(output "${output}" PARENT_SCOPE)
endfunction()

# Expects the configuration to fail and to say `why`.
function(configure_in_vain why source binary)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -S ${source} -B ${binary} ${configuration} ${ARGN}
    RESULT_VARIABLE code
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
  if(code EQUAL 0 OR NOT output MATCHES "${why}")
    message(FATAL_ERROR "Expected a failure that says \"${why}\", got ${code}:\n${output}")
  endif()
endfunction()

function(build binary)
  run(${CMAKE_COMMAND} --build ${binary} --config Debug)
endfunction()

# Runs the project's tests, of which there must be `count`: none of the library's own.
function(run_tests binary count)
  run(${CMAKE_CTEST_COMMAND} --test-dir ${binary} -C Debug --output-on-failure)
  if(NOT output MATCHES "100% tests passed, 0 tests failed out of ${count}\n")
    message(FATAL_ERROR "Expected ${count} tests:\n${output}")
  endif()
endfunction()

# The files under `folder`, as sorted relative names, must be those given.
function(expect_files folder)
  file(GLOB_RECURSE files RELATIVE ${folder} LIST_DIRECTORIES false ${folder}/*)
  set(expected ${ARGN})
  list(SORT files)
  list(SORT expected)
  if(NOT files STREQUAL expected)
    message(FATAL_ERROR "${folder} holds\n  ${files}\nand not\n  ${expected}")
  endif()
endfunction()

file(REMOVE_RECURSE ${work})
file(MAKE_DIRECTORY ${work})
