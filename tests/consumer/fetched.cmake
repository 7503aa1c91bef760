# FetchContent from a local path. It ends in add_subdirectory(), which the embedded tests build with;
# what is its own is over when the build files are there.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/project.cmake)

configure(${here}/fetched ${work}/build -Dlibrary=${library} -Dhere=${here})
