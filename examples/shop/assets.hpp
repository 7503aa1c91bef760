// The files in assets/, which the build puts into the program.
#pragma once

#include <string_view>

namespace assets {

extern const std::string_view style_sheet;
extern const std::string_view script;
extern const std::string_view embedded_script;
extern const std::string_view picture;

} // namespace assets
