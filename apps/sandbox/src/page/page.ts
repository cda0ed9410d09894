export const PAGE = '<!doctype html><title>TelegraMQ sandbox</title>';
