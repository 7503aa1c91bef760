# The first program of README.md, built by the CMakeLists.txt that README.md gives for it.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/project.cmake)

# readme_block(LANGUAGE FILE) writes README.md's first block in that language.
function(readme_block language file)
  file(READ ${library}/README.md readme)
  string(FIND "${readme}" "```${language}\n" begin)
  if(begin EQUAL -1)
    message(FATAL_ERROR "README.md has no block of ${language}")
  endif()
  string(LENGTH "```${language}\n" fence)
  math(EXPR begin "${begin} + ${fence}")
  string(SUBSTRING "${readme}" ${begin} -1 rest)
  string(FIND "${rest}" "```" end)
  string(SUBSTRING "${rest}" 0 ${end} text)
  file(WRITE ${file} "${text}")
endfunction()

readme_block(cpp ${work}/main.cpp)
readme_block(cmake ${work}/CMakeLists.txt)
file(CREATE_LINK ${library} ${work}/stripe_return SYMBOLIC)
configure(${work} ${work}/build -DCMAKE_UNITY_BUILD=ON)
run(${CMAKE_COMMAND} --build ${work}/build --target my_server)
