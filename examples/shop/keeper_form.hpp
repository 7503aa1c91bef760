// The forms of the shopkeeper's pages.
#pragma once

#include "page.hpp"

#include <string>
#include <string_view>

// What every form of one order's page holds: `csrf` is the shopkeeper's, `reference` leads back to
// the order.
struct form_keys {
  const std::string& csrf;
  const std::string& reference;
};

// `hidden` is one more field of the given name.
html opened_form(const form_keys& keys, std::string_view action, std::string_view name = {},
                 std::string_view hidden = {});

html button(const visit& visit, const bilingual& label, bool quiet = true);
// One that says which of a form's buttons it was.
html button(const visit& visit, const bilingual& label, std::string_view name,
            std::string_view value, bool quiet = true);

html text_input(const visit& visit, const bilingual& label, std::string_view name,
                std::string_view id, bool required = false);

// A form with one button and nothing else.
html one_button(const visit& visit, const form_keys& keys, std::string_view action,
                const bilingual& label, std::string_view name = {}, std::string_view hidden = {});
