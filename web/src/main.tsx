import '@mantine/core/styles.css'
import './explorer.css'
import { createTheme, MantineProvider } from '@mantine/core'
import { createRoot } from 'react-dom/client'
import { ExplorerPage } from './view/explorer-page.tsx'

/** The colours of the theme stand in explorer.css: a policy without inline styles lets no provider write them into the page. */
const theme = createTheme({
  primaryColor: 'cyan',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
})

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <ExplorerPage />
    </MantineProvider>,
  )
}
