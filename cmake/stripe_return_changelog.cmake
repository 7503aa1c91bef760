# The version stands in project() alone. CHANGELOG.md begins with its entry: "## VERSION, YYYY-MM-DD".
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/CHANGELOG.md)
file(STRINGS ${PROJECT_SOURCE_DIR}/CHANGELOG.md stripe_return_entry REGEX "^## [0-9]" LIMIT_COUNT 1)
if(NOT stripe_return_entry MATCHES "^## ([^ ]+), ([0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9])$"
   OR NOT CMAKE_MATCH_1 STREQUAL PROJECT_VERSION)
  message(FATAL_ERROR "The newest entry of CHANGELOG.md is \"${stripe_return_entry}\", and the version is "
                      "${PROJECT_VERSION}: \"## ${PROJECT_VERSION}, YYYY-MM-DD\" has to stand there.")
endif()
set(stripe_return_date ${CMAKE_MATCH_2})
