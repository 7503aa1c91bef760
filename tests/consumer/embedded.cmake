# add_subdirectory() in an application leaves the application as it was, whatever its settings are.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/project.cmake)

configure(
  ${here}/embedded
  ${work}/build
  -Dlibrary=${library}
  -Dhere=${here}
  -Dcomponents=${components}
  -DCMAKE_BUILD_TYPE=
  -DCMAKE_CXX_FLAGS=-Wall
  -DCMAKE_INSTALL_PREFIX=${work}/prefix)
build(${work}/build)
if(components STREQUAL "core")
  run_tests(${work}/build 2)
else()
  run_tests(${work}/build 3)
endif()
run(${CMAKE_COMMAND} --install ${work}/build --config Debug)
expect_files(${work}/prefix application/CMakeLists.txt)
