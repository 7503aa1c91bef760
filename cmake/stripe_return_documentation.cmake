# Changelogs and pages as a Debian package has them, made when the build is configured.
find_program(STRIPE_RETURN_GZIP gzip REQUIRED)
find_program(STRIPE_RETURN_DATE date REQUIRED)

# By gzip -9n: without a name, without a time.
function(stripe_return_compress text file)
  file(WRITE ${file} "${text}")
  execute_process(COMMAND ${STRIPE_RETURN_GZIP} -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# stripe_return_utc(RESULT FORMAT) of midnight on the day of CHANGELOG.md's newest entry.
function(stripe_return_utc result format)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${STRIPE_RETURN_DATE} -u -d ${stripe_return_date} ${format}
    OUTPUT_VARIABLE output OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(${result} "${output}" PARENT_SCOPE)
endfunction()

# stripe_return_install_documentation(PACKAGE COMPONENT PAGES...): the pages, beside one another, with
# the license and the changelogs. Of their links those to a page in the package lead there, those to
# headers and examples where libstripe-return-dev has them, if this is it, and others are but text.
function(stripe_return_install_documentation package component)
  set(folder ${PROJECT_BINARY_DIR}/documentation/${package})
  file(REMOVE_RECURSE ${folder})
  set(files)
  foreach(page IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${page})
    get_filename_component(name ${page} NAME)
    get_filename_component(page_folder ${PROJECT_SOURCE_DIR}/${page} DIRECTORY)
    file(READ ${PROJECT_SOURCE_DIR}/${page} text)
    string(REGEX MATCHALL "\\(([^]()#; \n[]+)[#)]" links "${text}")
    list(REMOVE_DUPLICATES links)
    foreach(link IN LISTS links)
      string(REGEX REPLACE "^\\((.+)[#)]$" "\\1" link "${link}")
      get_filename_component(target ${page_folder}/${link} ABSOLUTE)
      if(NOT EXISTS ${target} OR link MATCHES "^/")
        continue()
      endif()
      file(RELATIVE_PATH target ${PROJECT_SOURCE_DIR} ${target})
      if(target IN_LIST ARGN)
        get_filename_component(target ${target} NAME)
      elseif(package STREQUAL "libstripe-return-dev" AND target MATCHES "^include/")
        set(target ../../../${target})
      elseif(NOT package STREQUAL "libstripe-return-dev" OR NOT target MATCHES "^examples/endpoints")
        string(REGEX REPLACE "!?\\[([^]]*)\\]\\(${link}(#[^)]*)?\\)" "\\1" text "${text}")
        continue()
      endif()
      string(REGEX REPLACE "\\]\\(${link}([#)])" "](${target}\\1" text "${text}")
    endforeach()
    file(WRITE ${folder}/${name} "${text}")
    list(APPEND files ${folder}/${name})
  endforeach()

  file(READ ${PROJECT_SOURCE_DIR}/CHANGELOG.md text)
  stripe_return_compress("${text}" ${folder}/changelog)
  stripe_return_utc(date "+%a, %d %b %Y %T +0000")
  stripe_return_compress(
    "${CPACK_DEBIAN_PACKAGE_SOURCE} (${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Version ${PROJECT_VERSION}: changelog.gz says what is new.

 -- ${CPACK_DEBIAN_PACKAGE_MAINTAINER}  ${date}
"
    ${folder}/changelog.Debian)
  install(FILES ${files} ${folder}/changelog.gz ${folder}/changelog.Debian.gz
          DESTINATION share/doc/${package} COMPONENT ${component} EXCLUDE_FROM_ALL)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/${package} RENAME copyright
          COMPONENT ${component} EXCLUDE_FROM_ALL)
endfunction()
