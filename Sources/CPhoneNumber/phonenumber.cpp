#include "CPhoneNumber.h"

#include <cstring>
#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>
#include <phonenumbers/shortnumberinfo.h>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;
using i18n::phonenumbers::ShortNumberInfo;

namespace {

rapport_phone_result failure(PhoneNumberUtil::ErrorType error) {
    switch (error) {
    case PhoneNumberUtil::NO_PARSING_ERROR:
        return RAPPORT_PHONE_OK;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
        return RAPPORT_PHONE_COUNTRY_CODE;
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN:
        return RAPPORT_PHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG_NSN:
        return RAPPORT_PHONE_TOO_LONG;
    case PhoneNumberUtil::NOT_A_NUMBER:
        break;
    }
    return RAPPORT_PHONE_NOT_A_NUMBER;
}

rapport_phone_result failure(PhoneNumberUtil::ValidationResult result) {
    switch (result) {
    case PhoneNumberUtil::IS_POSSIBLE:
        return RAPPORT_PHONE_OK;
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
        return RAPPORT_PHONE_LOCAL_ONLY;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE:
        return RAPPORT_PHONE_COUNTRY_CODE;
    case PhoneNumberUtil::TOO_SHORT:
        return RAPPORT_PHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG:
        return RAPPORT_PHONE_TOO_LONG;
    case PhoneNumberUtil::INVALID_LENGTH:
        break;
    }
    return RAPPORT_PHONE_LENGTH;
}

/// The metadata of short numbers takes a while to load, so it is loaded once.
const ShortNumberInfo &short_numbers() {
    static const ShortNumberInfo info;
    return info;
}

rapport_phone_result format(const std::string &text, const std::string &region, std::string *e164,
                            bool *is_valid) {
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    rapport_phone_result result = failure(util.ParseAndKeepRawInput(text, region, &number));
    if (result != RAPPORT_PHONE_OK) return result;
    // Without a country code in front, a short code is possible; some plans also have subscribers' numbers that short.
    const bool national = number.country_code_source() == PhoneNumber::FROM_DEFAULT_COUNTRY;
    result = failure(util.IsPossibleNumberWithReason(number));
    const bool maybe_short = result == RAPPORT_PHONE_OK || result == RAPPORT_PHONE_TOO_SHORT ||
                             result == RAPPORT_PHONE_LOCAL_ONLY;
    const bool valid = util.IsValidNumber(number);
    if (national && maybe_short && !valid &&
        short_numbers().IsValidShortNumberForRegion(number, region))
        return RAPPORT_PHONE_SHORT_CODE;
    if (result != RAPPORT_PHONE_OK) return result;
    if (number.has_extension()) return RAPPORT_PHONE_EXTENSION;
    util.Format(number, PhoneNumberUtil::E164, e164);
    *is_valid = valid;
    return e164->size() < RAPPORT_PHONE_ROOM ? RAPPORT_PHONE_OK : RAPPORT_PHONE_TOO_LONG;
}

}  // namespace

extern "C" enum rapport_phone_result rapport_phone_e164(const char *text, size_t length, const char *region,
                                                        char *e164, int *is_valid) {
    e164[0] = '\0';
    *is_valid = 0;
    try {
        std::string formatted;
        bool valid = false;
        const rapport_phone_result result = format(std::string(text, length), region, &formatted, &valid);
        if (result == RAPPORT_PHONE_OK) {
            std::memcpy(e164, formatted.c_str(), formatted.size() + 1);
            *is_valid = valid;
        }
        return result;
    } catch (...) {
        // An exception must not cross into Swift; out of memory is the only one to be expected here.
        return RAPPORT_PHONE_NOT_A_NUMBER;
    }
}

extern "C" int rapport_phone_knows_region(const char *region) {
    try {
        return PhoneNumberUtil::GetInstance()->GetCountryCodeForRegion(region) != 0;
    } catch (...) {
        return 0;
    }
}
