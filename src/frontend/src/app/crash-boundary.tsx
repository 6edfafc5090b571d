/** Catches a fault of the dashboard itself; the stream does not depend on it, and it says so. */
import { TriangleAlert } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { useI18n } from '@/lib/i18n';

export class CrashBoundary extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError(): { crashed: boolean } {
    return { crashed: true };
  }

  override render(): ReactNode {
    return this.state.crashed ? <CrashPage /> : this.props.children;
  }
}

function CrashPage() {
  const { t } = useI18n();
  return (
    <main role="alert" className="h-full">
      <Empty
        asPage
        icon={TriangleAlert}
        title={t('crash.title')}
        text={t('crash.text')}
        action={
          <Button look="primary" onClick={() => window.location.reload()}>
            {t('crash.reload')}
          </Button>
        }
      />
    </main>
  );
}
