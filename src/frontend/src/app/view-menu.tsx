/** Chooses the language and the theme. */
import { Palette } from 'lucide-react';
import { IconButton } from '@/components/ui/icon-button';
import { Menu, MenuChoices, MenuLabel, MenuSeparator } from '@/components/ui/menu';
import { useI18n } from '@/lib/i18n';
import { setTheme, THEMES, useTheme } from '@/lib/theme';

export function ViewMenu() {
  const { t, locale, setLocale } = useI18n();
  const theme = useTheme();
  return (
    <Menu trigger={<IconButton icon={Palette} label={t('view.menu')} />}>
      <MenuLabel>{t('view.language')}</MenuLabel>
      <MenuChoices
        label={t('view.language')}
        value={locale}
        onChange={setLocale}
        choices={[
          { value: 'en', label: <span lang="en">English</span> },
          { value: 'ru', label: <span lang="ru">Русский</span> },
        ]}
      />
      <MenuSeparator />
      <MenuLabel>{t('view.theme')}</MenuLabel>
      <MenuChoices
        label={t('view.theme')}
        value={theme}
        onChange={setTheme}
        choices={THEMES.map((value) => ({ value, label: t(`view.theme.${value}`) }))}
      />
    </Menu>
  );
}
